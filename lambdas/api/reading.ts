import type { Baseline, Overlay } from "../../core/sampling/environment.ts";
import { VerdictSettings } from "../../core/verdict/settings.ts";
import type { Call, Judgement } from "./deps.ts";
import { overlayOf } from "./environments.ts";

/** What is known of an overlay's present run. */
export interface Reading {
  readonly overlay: Overlay;
  readonly baseline: Baseline;
  readonly judgement: Judgement;
}

export const read = async (id: string, call: Call, tolerance?: number): Promise<Reading> => {
  const { overlay, baseline } = await overlayOf(call.ports.catalog, id);
  const settings = tolerance === undefined ? call.settings : VerdictSettings.parse({ ...call.settings, tolerance });
  return { overlay, baseline, judgement: await call.readJudgement(call.ports, overlay, { settings, now: call.now() }) };
};
