import { ShadowgraphError } from "../../core/errors.ts";
import type { AskedLanes } from "../../core/recheck/recheck.ts";
import { type Baseline, lanesOf, type Overlay } from "../../core/sampling/environment.ts";
import { LaneTarget } from "../../core/sampling/plan.ts";
import { type BaselineRedaction, redactionOf } from "../../core/sampling/redaction.ts";

/** Whom stored requests are sent to again. */
export interface ResendLanes {
  readonly service: string;
  readonly candidate: LaneTarget;
  readonly control: LaneTarget;
  /** The baseline itself answers as control where there is none of its own. */
  readonly controlIs: "control" | "baseline";
  /** Nothing is harmed by a write: the overlay keeps its effects away, and a control of its own gets the other copy. */
  readonly takesWrites: boolean;
  /** What of the answers is secret, as in the tee. */
  readonly redact: BaselineRedaction | undefined;
}

export const askedLanes = ({ service, candidate, control, controlIs }: ResendLanes): AskedLanes => ({
  service,
  candidate: candidate.url,
  control: control.url,
  controlIs,
});

/** @throws ShadowgraphError "invalid-input" where the service must be named, "not-allowed" while it does not answer */
export const resendLanesOf = (overlay: Overlay, baseline: Baseline, wanted: string | undefined): ResendLanes => {
  const service = serviceOf(overlay, wanted);
  const lanes = lanesOf(baseline, overlay, service);
  if (lanes === undefined)
    throw new ShadowgraphError(
      "not-allowed",
      `overlay "${overlay.file.name}" cannot be asked: ${service} is deployed and does not answer yet; wait until \`shadowgraph overlay show ${overlay.file.name}\` says ready`,
    );
  const isControl = lanes.control === "control" && lanes.secondary !== undefined;
  return {
    service,
    candidate: lanes.candidate,
    control: isControl
      ? lanes.secondary
      : LaneTarget.parse({ url: baseline.file.services[service]?.url, host: "keep" }),
    controlIs: isControl ? "control" : "baseline",
    takesWrites: isControl && overlay.file.sideEffects !== "none",
    redact: redactionOf(baseline.file.redact, overlay.file.redact),
  };
};

/** A stored pair does not say which service it is of. */
const serviceOf = ({ file }: Overlay, wanted: string | undefined): string => {
  const services = Object.keys(file.services);
  const [only] = services;
  if (wanted === undefined && services.length === 1) return only as string;
  if (wanted !== undefined && services.includes(wanted)) return wanted;
  const message = `must name the service to ask, since the overlay changes ${services.length}; got ${wanted === undefined ? "nothing" : `"${wanted}"`}; allowed: ${services.join(", ")}`;
  throw new ShadowgraphError("invalid-input", "it is not clear which service is asked", {
    faults: [{ field: "service", message }],
  });
};
