import type { FailureReason } from "../core/capture/capture.ts";
import type { Limits } from "./limits.ts";

/**
 * Keeps a mirror target that hangs from holding a connection and a copy for every request. Only time-outs in a row open it: a
 * target that refuses, resets or answers badly holds nothing, so its mirrors go on and each shows as the failure it is
 * (docs/decisions/0005). While open, one mirror in `breakerProbeMs` goes as a probe; whatever is no time-out closes it.
 */
export class Breaker {
  readonly #limits: Pick<Limits, "maxConsecutiveTimeouts" | "breakerProbeMs">;
  /** Milliseconds on any clock that only goes forward. */
  readonly #now: () => number;
  #timeouts = 0;
  #nextProbeAt = 0;

  constructor(limits: Pick<Limits, "maxConsecutiveTimeouts" | "breakerProbeMs">, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#timeouts >= this.#limits.maxConsecutiveTimeouts;
  }

  /** May a mirror go now? Asked once for each: while open, a yes is the probe of this interval. */
  admit(): boolean {
    if (!this.isOpen) return true;
    const now = this.#now();
    if (now < this.#nextProbeAt) return false;
    this.#nextProbeAt = now + this.#limits.breakerProbeMs;
    return true;
  }

  ended(end: { readonly outcome: string; readonly reason?: FailureReason }): void {
    const wasOpen = this.isOpen;
    this.#timeouts = end.reason === "timeout" ? this.#timeouts + 1 : 0;
    if (this.isOpen && !wasOpen) this.#nextProbeAt = this.#now() + this.#limits.breakerProbeMs;
  }
}
