import type { Events, Ports } from "../../adapters/ports.ts";
import type { Overlay } from "../../core/sampling/environment.ts";

export interface Telling {
  readonly ports: Pick<Ports, "verdicts"> & { readonly events: Events };
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether a change was noted just now. */
  readonly isNew: boolean;
}

/** Whoever noted a change and has not told it by then does not do it any more. */
const TELLER_LOST_MS = 10_000;

/**
 * Tells other tools of the changes of an overlay's verdicts, of each at least once and in their order.
 *
 * The change is noted before it is told, so that no fault of the bus can lose a verdict, and it stays marked as untold until the
 * bus has taken it. Whoever noted it tells it at once; where the bus fails, or the teller dies in between, the schedule of judge
 * finds the mark within a minute and tells it again, for as long as it takes. A teller that dies between telling and taking the mark
 * away has it told twice: `env`, `run` and `at` are the same in both.
 */
export const tellVerdicts = async (
  { id, file }: Overlay,
  { ports: { verdicts, events }, at, isNew }: Telling,
): Promise<void> => {
  const untold = await verdicts.untold(id);
  if (!isNew && untold.every((change) => at - change.at < TELLER_LOST_MS)) return;
  for (const change of untold) {
    await events.verdictChanged(file.name, change);
    await verdicts.told(id, change);
  }
};
