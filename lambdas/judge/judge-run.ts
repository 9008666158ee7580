import { createNames } from "../../adapters/endpoint-map.ts";
import { factsKeyOf, type Judgement, readJudgement } from "../../adapters/judgement.ts";
import type { Events, Ports } from "../../adapters/ports.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import type { VerdictSettings } from "../../core/verdict/settings.ts";
import { ensureCompared } from "./ensure-compared.ts";
import { foldMinutes, minutesToLookAt } from "./fold.ts";
import { writeAlive, writeMetrics } from "./metrics.ts";
import { tellVerdicts } from "./tell-verdicts.ts";

export type JudgePorts = Pick<
  Ports,
  "catalog" | "drifts" | "endpointMap" | "facts" | "recompares" | "rules" | "tees" | "verdicts"
>;

export interface Judging {
  readonly ports: JudgePorts & { readonly events: Events };
  /** The baseline that all this is deployed for: its metrics bear its name. */
  readonly baseline: string;
  readonly settings: VerdictSettings;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Judged extends Judgement {
  /** Whether the verdict changed, and was noted. */
  readonly isNew: boolean;
}

/** Folds what is new of the overlay's present run and judges it, whether or not a wake was seen. */
export const judgeRun = async (
  ports: JudgePorts,
  overlay: Overlay,
  settings: VerdictSettings,
  now: number,
): Promise<Judged> => {
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
): Promise<Judged> => {
  const judgement = await readJudgement(ports, overlay, { settings, now });
  const { verdict, reason, pairs } = judgement.verdict;
  if (judgement.recomparing !== undefined) return { ...judgement, isNew: false };
  const crossing = { at: now, run: overlay.run.id, verdict, reason, pairs };
  return { ...judgement, isNew: await ports.verdicts.append(overlay.id, crossing) };
};

/**
 * The safety net: a lost wake, a tee that fell silent, a verdict that nobody could be told of. One overlay that cannot be judged does
 * not stop the others. Of an overlay that is switched off no metrics are written: its alarms end.
 */
export const judgeAll = async (judging: Judging): Promise<undefined> => {
  const { ports, baseline, settings, now } = judging;
  const faults: unknown[] = [];
  const changed = new Set<string>();
  const look = async (overlay: Overlay): Promise<void> => {
    const at = now();
    const judged = await judgeRun(ports, overlay, settings, at);
    if (judged.isNew) changed.add(overlay.id);
    if (overlay.shadow.enabled) writeMetrics(overlay, judged, { baseline, at });
  };
  const overlays = await ports.catalog.overlays();
  for (const overlay of overlays) await look(overlay).catch((fault) => faults.push(fault));
  writeAlive({ baseline, at: now() });
  // Last: a bus that hangs must not keep any overlay from being judged.
  for (const overlay of overlays) {
    const telling = { ports, at: now(), isNew: changed.has(overlay.id) };
    await tellVerdicts(overlay, telling).catch((fault) => faults.push(fault));
  }
  if (faults.length > 0)
    throw new AggregateError(
      faults,
      `${faults.length} overlays could not be judged, or their verdicts told: ${faults[0]}`,
    );
};
