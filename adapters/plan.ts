import { planOf, probesOf } from "../core/sampling/environment.ts";
import type { Plan } from "../core/sampling/plan.ts";
import { hasEnded, type ProbeRecord, recordOf, type WantedProbe } from "../core/sampling/writes.ts";
import type { Catalog } from "./ports.ts";
import type { Probes } from "./probes.ts";

export interface ReadPlan {
  readonly plan: Plan;
  /** What must be shown before writes are mirrored, and what is known of it. */
  readonly probes: readonly WantedProbe[];
  readonly records: readonly ProbeRecord[];
}

/**
 * What the tees before `service` of the baseline (by id or name) must do now.
 *
 * @param known records that were read before: of those that have ended nothing is read again
 * @throws ShadowgraphError "not-found"
 */
export const readPlan = async (
  { catalog, probes }: { readonly catalog: Catalog; readonly probes: Pick<Probes, "of"> },
  baseline: string,
  service: string,
  known: readonly ProbeRecord[] = [],
): Promise<ReadPlan> => {
  const [of, overlays] = await Promise.all([catalog.baseline(baseline), catalog.overlays()]);
  const wanted = probesOf(of, overlays, service);
  const read = wanted.map(async (each) => {
    const before = recordOf(each, known);
    return before !== undefined && hasEnded(before) ? [before] : probes.of(each.env, each.run);
  });
  const records = (await Promise.all(read)).flat();
  return { plan: planOf(of, overlays, service, records), probes: wanted, records };
};
