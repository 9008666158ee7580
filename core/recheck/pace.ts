/** When a request was due, and when it was sent: milliseconds since 1970, of the window and of now. */
export interface Clock {
  readonly at: number;
  readonly sentAt: number;
}

export interface Pace {
  /** Times as fast as it was. */
  readonly speed: number;
  /** Requests a second at most. */
  readonly rate: number;
}

interface Step {
  /** Of as many of the requests as belong to this step, when they are to be sent from now on. */
  readonly afterMs: readonly number[];
  /** Until the first of them is due, where none is within this step. */
  readonly waitMs: number;
}

/**
 * Keeps the distances of the window, divided by the speed, and never goes faster than the rate. Who is late stays late: what was missed is not
 * made up for in a burst.
 *
 * @param ats of requests in their order, as they were
 * @param clock of the last one sent; null before the first
 */
export const paced = (
  ats: readonly number[],
  clock: Clock | null,
  now: number,
  { speed, rate, withinMs, max }: Pace & { readonly withinMs: number; readonly max: number },
): Step => {
  const afterMs: number[] = [];
  const [first] = ats;
  if (first === undefined) return { afterMs, waitMs: 0 };
  const apartMs = 1_000 / rate;
  let [lastAt, last] = clock === null ? [first, -apartMs] : [clock.at, clock.sentAt - now];
  for (const at of ats.slice(0, max)) {
    const after = Math.max(0, last + Math.max(apartMs, (at - lastAt) / speed));
    if (after > withinMs) break;
    afterMs.push(after);
    [lastAt, last] = [at, after];
  }
  return { afterMs, waitMs: afterMs.length > 0 ? 0 : Math.max(0, last + (first - lastAt) / speed) };
};
