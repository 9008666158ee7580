import { type FieldFault, ShadowgraphError } from "../../core/errors.ts";
import type { Baseline, OverlayFile } from "../../core/sampling/environment.ts";
import { SAFE_METHODS } from "../../core/sampling/plan.ts";
import { HIDDEN } from "./views.ts";

/** What the schema of overlay.yaml alone cannot know. @throws ShadowgraphError "invalid-input" or "not-allowed" */
export const checkOverlayFile = (file: OverlayFile, baseline: Baseline): void => {
  const faults = [...unknownServices(file, baseline), ...hiddenValues(file)];
  if (faults.length > 0) {
    throw new ShadowgraphError("invalid-input", "the overlay does not fit its baseline", { faults });
  }
  const safe: readonly string[] = SAFE_METHODS;
  const writes = file.sampling.match.methods.filter((method) => !safe.includes(method));
  if (writes.length === 0 || file.sideEffects !== "none") return;
  throw new ShadowgraphError("not-allowed", `${writes.join(", ")} would be mirrored, but sideEffects is "none"`, {
    faults: [{ field: "sideEffects", message: 'is "none"; writes need one of suppressed, isolated, stubbed' }],
  });
};

const unknownServices = ({ services }: OverlayFile, { file }: Baseline): FieldFault[] => {
  const allowed = Object.keys(file.services);
  return Object.keys(services)
    .filter((service) => !allowed.includes(service))
    .map((service) => ({
      field: `services.${service}`,
      message: `is no service of baseline "${file.name}"; allowed: ${allowed.join(", ")}`,
    }));
};

/** A file that the API showed has placeholders where values were: sent back, they would be sent to the lane. */
const hiddenValues = ({ services }: OverlayFile): FieldFault[] =>
  Object.entries(services).flatMap(([service, { setHeaders, secondary }]) => {
    const ofSecondary = typeof secondary === "string" ? {} : secondary.setHeaders;
    const fields = [
      ...Object.entries(setHeaders).map(([name, value]) => [`services.${service}.setHeaders.${name}`, value]),
      ...Object.entries(ofSecondary).map(([name, value]) => [
        `services.${service}.secondary.setHeaders.${name}`,
        value,
      ]),
    ] as const;
    return fields
      .filter(([, value]) => value === HIDDEN)
      .map(([field]) => ({ field: `${field}`, message: `is what the API shows in place of a value; got "${HIDDEN}"` }));
  });
