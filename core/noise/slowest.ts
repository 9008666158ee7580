import { byText, CAPS } from "./caps.ts";
import type { SlowPair } from "./facts.ts";

/** Milliseconds by which the candidate was behind. */
export const behind = ({
  primary,
  candidate,
  secondary,
}: Pick<SlowPair, "primary" | "candidate" | "secondary">): number => candidate - (secondary ?? primary);

/** The furthest behind first. Only one pair ties with itself: one order for all. */
export const byBehind = (a: SlowPair, b: SlowPair): number =>
  behind(b) - behind(a) || a.at - b.at || byText(a.pair, b.pair);

export const mergeSlowest = (a: readonly SlowPair[], b: readonly SlowPair[]): readonly SlowPair[] =>
  a.length + b.length === 0 ? a : [...a, ...b].sort(byBehind).slice(0, CAPS.slowest);
