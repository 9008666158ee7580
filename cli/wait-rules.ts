import { ShadowgraphError } from "../core/errors.ts";
import type { RulesShape } from "../lambdas/api/shapes.ts";
import type { Client } from "./client.ts";
import type { Io } from "./io.ts";
import { clip, number } from "./render/text.ts";
import { CLEAR_LINE } from "./wait.ts";

const POLL_MS = 1_000;
const LINE_EVERY_MS = 60_000;
/** An API that is away for so long is no reason to end. */
const MAX_AWAY_MS = 60_000;
const BAR_COLUMNS = 24;

type Means = Pick<Io, "err" | "isErrTerminal" | "columns" | "now" | "sleep">;

/** Shows progress on stderr until all that is stored is compared under the rules that were set. */
export const waitForRules = async (set: RulesShape, client: Pick<Client, "rules">, io: Means): Promise<RulesShape> => {
  let shown = set;
  let [lastLineAt, lastAnswerAt] = [io.now(), io.now()];
  while (shown.recomparing !== null) {
    if (io.isErrTerminal) io.err(`${CLEAR_LINE}${clip(progressLine(shown.recomparing), io.columns - 1)}`);
    else if (io.now() - lastLineAt >= LINE_EVERY_MS) {
      io.err(`${progressLine(shown.recomparing)}\n`);
      lastLineAt = io.now();
    }
    await io.sleep(POLL_MS);
    const next = await client.rules(set.env).catch((error: unknown) => {
      const isAway = error instanceof ShadowgraphError && error.code === "unavailable";
      if (!isAway || io.now() - lastAnswerAt >= MAX_AWAY_MS) throw error;
    });
    if (next === undefined) continue;
    [shown, lastAnswerAt] = [next, io.now()];
  }
  if (io.isErrTerminal && set.recomparing !== null) io.err(CLEAR_LINE);
  return shown;
};

const progressLine = ({ done, total }: NonNullable<RulesShape["recomparing"]>): string => {
  const full = total === 0 ? 0 : Math.round((BAR_COLUMNS * done) / total);
  const bar = `${"█".repeat(full)}${"░".repeat(BAR_COLUMNS - full)}`;
  return `${bar} ${number(done)} of ${number(total)} stored objects compared under the new rules`;
};
