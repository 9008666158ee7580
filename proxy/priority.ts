import { readlinkSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** Steps of niceness: a quarter of the time where both want all of it, and whoever serves callers goes first. */
const BEHIND = 5;

/**
 * Puts the calling thread behind the others of its process; where the system does not know threads as Linux does, it stays as it is.
 * Linux gives each thread a number of its own, to which `setPriority` applies.
 */
export const standBehind = (): void => {
  try {
    setPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1)), getPriority() + BEHIND);
  } catch {
    // Not Linux, or not allowed: the shipper is then as important as the rest.
  }
};
