import type { FailureReason } from "../core/capture/capture.ts";
import type { Limits } from "./limits.ts";

/** Of how a mirror ended, what the breaker looks at. */
interface End {
  readonly outcome: string;
  readonly reason?: FailureReason;
}

export const isTimeout = ({ reason }: End): boolean => reason === "timeout";
export const isRefused = ({ reason }: End): boolean => reason === "refused";
export const isTooLarge = ({ outcome }: End): boolean => outcome === "tooLarge";

/**
 * Keeps a mirror target from costing callers with every request. Only costly ends in a row open it: time-outs, each of which
 * holds a connection and a copy; answers too large, each of which takes the time of a megabyte; TLS handshakes that fail. A target
 * that refuses, resets or answers badly costs nothing, so its mirrors go on and each shows as the failure it is
 * (docs/decisions/0005). While open, one mirror in `breakerProbeMs` goes as a probe; whatever is not of that kind closes it.
 */
export class Breaker {
  readonly #limits: Pick<Limits, "maxConsecutiveTimeouts" | "breakerProbeMs">;
  /** Milliseconds on any clock that only goes forward. */
  readonly #now: () => number;
  readonly #isBad: (end: End) => boolean;
  #inARow = 0;
  #nextProbeAt = 0;

  constructor(
    limits: Pick<Limits, "maxConsecutiveTimeouts" | "breakerProbeMs">,
    now: () => number,
    isBad: (end: End) => boolean,
  ) {
    this.#limits = limits;
    this.#now = now;
    this.#isBad = isBad;
  }

  get isOpen(): boolean {
    return this.#inARow >= this.#limits.maxConsecutiveTimeouts;
  }

  /** May a mirror go now? Asked once for each: while open, a yes is the probe of this interval. */
  admit(): boolean {
    if (!this.isOpen) return true;
    const now = this.#now();
    if (now < this.#nextProbeAt) return false;
    this.#nextProbeAt = now + this.#limits.breakerProbeMs;
    return true;
  }

  ended(end: End): void {
    const wasOpen = this.isOpen;
    this.#inARow = this.#isBad(end) ? this.#inARow + 1 : 0;
    if (this.isOpen && !wasOpen) this.#nextProbeAt = this.#now() + this.#limits.breakerProbeMs;
  }
}
