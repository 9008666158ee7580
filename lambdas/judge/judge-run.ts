import { createNames } from "../../adapters/endpoint-map.ts";
import { factsKeyOf, type Judgement, readJudgement } from "../../adapters/judgement.ts";
import type { Ports } from "../../adapters/ports.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import type { VerdictSettings } from "../../core/verdict/settings.ts";
import { ensureCompared } from "./ensure-compared.ts";
import { foldMinutes, minutesToLookAt } from "./fold.ts";
import { writeMetrics } from "./metrics.ts";

export type JudgePorts = Pick<
  Ports,
  "catalog" | "endpointMap" | "facts" | "recompares" | "rules" | "tees" | "verdicts"
>;

export interface Judging {
  readonly ports: JudgePorts;
  readonly settings: VerdictSettings;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Folds what is new of the overlay's present run and judges it, whether or not a wake was seen. */
export const judgeRun = async (
  ports: JudgePorts,
  overlay: Overlay,
  settings: VerdictSettings,
  now: number,
): Promise<Judgement> => {
  await ensureCompared(ports, overlay, now);
  const key = factsKeyOf(overlay.id, overlay.run.id, await ports.rules.rules(overlay.id));
  const names = await createNames(ports, overlay.id);
  await foldMinutes(ports.facts, key, await minutesToLookAt(ports.facts, key, now), names);
  return judgeFolded(ports, overlay, settings, now);
};

/** Judges the run roll-up as it is and notes the verdict if it changed, but not from a part of what is stored. */
export const judgeFolded = async (
  ports: JudgePorts,
  overlay: Overlay,
  settings: VerdictSettings,
  now: number,
): Promise<Judgement> => {
  const judgement = await readJudgement(ports, overlay, { settings, now });
  const { verdict, reason, pairs } = judgement.verdict;
  if (judgement.recomparing !== undefined) return judgement;
  await ports.verdicts.append(overlay.id, { at: now, run: overlay.run.id, verdict, reason, pairs });
  return judgement;
};

/** The safety net: a lost wake, a tee that fell silent. One overlay that cannot be judged does not stop the others. */
export const judgeAll = async ({ ports, settings, now }: Judging): Promise<undefined> => {
  const faults: unknown[] = [];
  for (const overlay of await ports.catalog.overlays()) {
    const at = now();
    await judgeRun(ports, overlay, settings, at).then(
      (judgement) => writeMetrics(overlay, judgement, at),
      (fault) => faults.push(fault),
    );
  }
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} overlays could not be judged: ${faults[0]}`);
};
