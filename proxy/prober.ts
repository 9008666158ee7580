import type { Probes } from "../adapters/probes.ts";
import { hasEnded, type ProbeRecord, recordOf, type WantedProbe } from "../core/sampling/writes.ts";
import { type Found, longestTryMs } from "./probe.ts";

interface Parts {
  /** The tee process: its name and epoch. */
  readonly tee: string;
  readonly probes: Pick<Probes, "claim" | "end">;
  readonly run: (wanted: WantedProbe) => Promise<Found>;
  /** The worst that one request takes. */
  readonly requestMs: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Told of what the store or the probe threw. */
  failed(what: string, error: unknown): void;
}

const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 60_000;

/**
 * Sees to it that each probe that is wanted is run by one tee, one at a time. Passed and failed are for good; what is unclear is
 * tried again, less and less often, at most once a minute.
 */
export class Prober {
  readonly #parts: Parts;
  #isBusy = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes up the first one whose time it is. Resolves once it has ended. */
  async consider(wanted: readonly WantedProbe[], records: readonly ProbeRecord[]): Promise<void> {
    if (this.#isBusy) return;
    const now = this.#parts.now();
    const due = wanted.find((each) => isDue(recordOf(each, records), now));
    if (due === undefined) return;
    this.#isBusy = true;
    try {
      await this.#take(due, recordOf(due, records)?.tries ?? 0);
    } catch (error) {
      this.#parts.failed("what a probe found could not be noted: it is tried again", error);
    } finally {
      this.#isBusy = false;
    }
  }

  async #take(wanted: WantedProbe, triesBefore: number): Promise<void> {
    const { tee, probes, run, requestMs, now, failed } = this.#parts;
    const { env, run: of, service, key, sideEffects } = wanted;
    const tries = triesBefore + 1;
    const at = now();
    const claimed: ProbeRecord = {
      ...{ env, run: of, service, key, sideEffects, tee, tries, at },
      state: "probing",
      reason: `a canary is being written (try ${tries})`,
      nextAt: at + longestTryMs(wanted, requestMs),
    };
    if (!(await probes.claim(claimed))) return;
    const found = await run(wanted).catch((error: unknown): Found => {
      failed("a probe could not be run: it is tried again", error);
      return { state: "unclear", reason: "it could not be run: the log of the tee says why" };
    });
    const endedAt = now();
    const nextAt = endedAt + Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), MAX_RETRY_MS);
    await probes.end({ ...claimed, ...found, at: endedAt, nextAt });
  }
}

const isDue = (record: ProbeRecord | undefined, now: number): boolean =>
  record === undefined || (!hasEnded(record) && record.nextAt <= now);
