import { planOf } from "../core/sampling/environment.ts";
import type { Plan } from "../core/sampling/plan.ts";
import type { Catalog } from "./ports.ts";

/** What the tees before `service` of the baseline (by id or name) must do now. @throws ShadowgraphError "not-found" */
export const readPlan = async (catalog: Catalog, baseline: string, service: string): Promise<Plan> => {
  const [of, overlays] = await Promise.all([catalog.baseline(baseline), catalog.overlays()]);
  return planOf(of, overlays, service);
};
