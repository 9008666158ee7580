import { ShadowgraphError } from "../../core/errors.ts";
import type { AskedLanes } from "../../core/recheck/recheck.ts";
import { secondaryOf } from "../../core/sampling/changed-service.ts";
import { type Baseline, lanesOf, type Overlay } from "../../core/sampling/environment.ts";
import { LaneTarget } from "../../core/sampling/plan.ts";
import { type BaselineRedaction, redactionOf } from "../../core/sampling/redaction.ts";
import type { Call } from "./deps.ts";
import type { Reading } from "./reading.ts";
import { readWrites } from "./writes.ts";

/** Whom stored requests are sent to again. */
export interface ResendLanes {
  readonly service: string;
  readonly candidate: LaneTarget;
  readonly control: LaneTarget;
  /** The baseline itself answers as control where there is none of its own. */
  readonly controlIs: "control" | "baseline";
  /** Why no write is sent; null where tees mirror writes as well, and the control is one of its own. */
  readonly noWrites: string | null;
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
export const resendLanesOf = async (
  { overlay, baseline }: Pick<Reading, "overlay" | "baseline">,
  wanted: string | undefined,
  { ports, resender }: Pick<Call, "ports" | "resender">,
): Promise<ResendLanes> => {
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
    noWrites: isControl
      ? await writesDenied(service, overlay, baseline, ports, resender.signsAsTees)
      : "the baseline itself, which is the control here, gets no write twice",
    redact: redactionOf(baseline.file.redact, overlay.file.redact),
  };
};

/** By what tees go by themselves: a declaration, and a probe that has passed in this run. */
const writesDenied = async (
  service: string,
  overlay: Overlay,
  baseline: Baseline,
  ports: Call["ports"],
  isSigned: boolean,
): Promise<string | null> => {
  const writes = (await readWrites(overlay, baseline, ports)).find((one) => one.service === service);
  if (writes?.mirrored !== true) return writes?.reason ?? "it is not known what becomes of them";
  const changed = overlay.file.services[service];
  // A process of its own, in SHADOW_MODE, needs no signature.
  const isOurs = changed?.image !== undefined && secondaryOf(changed) === "control";
  return isSigned || isOurs
    ? null
    : "what sends requests again has no key to sign marks with, and only services that are deployed for the overlay honour others";
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
