import { factsKeyOf } from "../../adapters/judgement.ts";
import type { Ports } from "../../adapters/ports.ts";
import { startRecompare } from "../../adapters/recompares.ts";
import type { Overlay } from "../../core/sampling/environment.ts";

/** A step takes a quarter of a minute: one that is silent for longer was lost, with its queue or its function. */
const SILENT_MS = 120_000;
/** After a deploy, functions of the version before may end what they have at hand. */
const OTHER_PARSER_DELAY_S = 90;

/**
 * The archive of the run is compared as the present rules and parser want it, or is about to be: also after a deploy, rules that
 * were set without the API, or a step that was lost.
 */
export const ensureCompared = async (
  { recompares, rules }: Pick<Ports, "recompares" | "rules">,
  { id, run }: Overlay,
  now: number,
): Promise<void> => {
  const key = factsKeyOf(id, run.id, await rules.rules(id));
  const stored = await recompares.of(id, run.id);
  if (stored === undefined) {
    const whole = { version: key.version, done: 0, total: 0, next: null, untilMinute: 0, step: 1, at: now };
    await recompares.put(id, run.id, whole);
  } else if (stored.version !== key.version) {
    const isSameParser = parserOf(stored.version) === parserOf(key.version);
    await startRecompare(recompares, key, now, isSameParser ? 0 : OTHER_PARSER_DELAY_S);
  } else if (stored.next !== null && now - stored.at > SILENT_MS) {
    await recompares.ask(key);
  }
};

const parserOf = (version: string): string | undefined => version.split(".")[0];
