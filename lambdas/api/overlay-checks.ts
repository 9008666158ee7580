import { type FieldFault, ShadowgraphError } from "../../core/errors.ts";
import { isDeployed, secondaryOf } from "../../core/sampling/changed-service.ts";
import { type Baseline, hasDeployed, type OverlayFile } from "../../core/sampling/environment.ts";
import { peersIn } from "../../core/sampling/peers.ts";
import { SAFE_METHODS } from "../../core/sampling/plan.ts";
import { unguardable } from "./collaborator-checks.ts";
import { HIDDEN } from "./views.ts";

/** What whoever deployed the API lets overlays have. */
export interface Allowed {
  /** Whether images can be deployed. */
  readonly canDeploy: boolean;
  /** Security groups that overlay.yaml may list. */
  readonly securityGroups: readonly string[];
}

/** What the schema of overlay.yaml alone cannot know. @throws ShadowgraphError "invalid-input" or "not-allowed" */
export const checkOverlayFile = (file: OverlayFile, baseline: Baseline, allowed: Allowed): void => {
  const unknown = unknownServices(file, baseline);
  const faults = [
    ...unknown,
    ...(unknown.length > 0 ? [] : nowhereToRun(file, baseline)),
    ...hiddenValues(file),
    ...driftOfNone(file),
    ...unknownPeers(file, baseline),
    ...unknownReads(file, baseline),
    ...unguardable(file),
  ];
  if (faults.length > 0) {
    throw new ShadowgraphError("invalid-input", "the overlay does not fit its baseline", { faults });
  }
  if (!allowed.canDeploy && hasDeployed(file))
    throw new ShadowgraphError(
      "not-allowed",
      "nothing can be deployed from here: this API has no DEPLOY_QUEUE_URL, which `overlays` in shadowgraph.config.yaml makes; give the services of the overlay a url",
    );
  const groups = unlistedGroups(file, allowed);
  if (groups.length > 0)
    throw new ShadowgraphError("not-allowed", "the overlay asks for security groups that it may not have", {
      faults: groups,
    });
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

/** Groups open ways to data stores, so that it is not for whoever makes overlays to choose them. */
const unlistedGroups = ({ services }: OverlayFile, { securityGroups }: Allowed): FieldFault[] => {
  const choice =
    securityGroups.length > 0
      ? `allowed: ${securityGroups.join(", ")}`
      : "none is allowed: list it under overlays.allowSecurityGroups in shadowgraph.config.yaml, and deploy";
  return Object.entries(services).flatMap(([service, { allowSecurityGroups = [] }]) =>
    allowSecurityGroups.flatMap((group, index) =>
      securityGroups.includes(group)
        ? []
        : { field: `services.${service}.allowSecurityGroups.${index}`, message: `got "${group}"; ${choice}` },
    ),
  );
};

/** A file that the API showed has placeholders where values were: sent back, they would be sent to the lane. */
const hiddenValues = ({ services, drift }: OverlayFile): FieldFault[] => [
  ...Object.entries(services).flatMap(([service, changed]) => {
    const secondary = secondaryOf(changed);
    return [
      ...hiddenIn(`services.${service}.setHeaders`, changed.setHeaders),
      ...hiddenIn(`services.${service}.environment`, changed.environment),
      ...hiddenIn(`services.${service}.probe.write.headers`, changed.probe?.write.headers),
      ...hiddenIn(`services.${service}.probe.read.headers`, changed.probe?.read.headers),
      ...hiddenIn(
        `services.${service}.secondary.setHeaders`,
        typeof secondary === "string" ? {} : secondary.setHeaders,
      ),
    ];
  }),
  ...hiddenIn("drift.headers", drift?.headers),
];

const hiddenIn = (field: string, held: Readonly<Record<string, string>> = {}): FieldFault[] =>
  Object.keys(held)
    .filter((name) => held[name] === HIDDEN)
    .map((name) => ({
      field: `${field}.${name}`,
      message: `is what the API shows in place of a value; got "${HIDDEN}"`,
    }));

/** Whose reads are they? The tees of one service make them. */
const driftOfNone = ({ services, drift }: OverlayFile): FieldFault[] => {
  const names = Object.keys(services);
  if (drift === undefined || (drift.service === undefined ? names.length === 1 : names.includes(drift.service)))
    return [];
  const got = drift.service === undefined ? "nothing" : `"${drift.service}"`;
  return [{ field: "drift.service", message: `must say whose reads they are: ${names.join(", ")}; got ${got}` }];
};

/** A service can only be deployed beside one of which is known where it runs. */
const nowhereToRun = ({ services }: OverlayFile, { file }: Baseline): FieldFault[] =>
  Object.entries(services)
    .filter(([service, changed]) => isDeployed(changed) && file.services[service]?.ecs === undefined)
    .map(([service, { image }]) => ({
      field: `services.${service}.${image === undefined ? "secondary" : "image"}`,
      message: `needs to know where ${service} of baseline "${file.name}" runs: say it under services.${service}.ecs in baseline.yaml, or give a url; got "${image ?? "control"}"`,
    }));

const unknownReads = ({ services }: OverlayFile, { file }: Baseline): FieldFault[] =>
  Object.entries(services).flatMap(([service, { probe }]) => {
    const looked = probe?.read.service;
    if (looked === undefined || file.services[looked] !== undefined) return [];
    return {
      field: `services.${service}.probe.read.service`,
      message: `"${looked}" is no service of baseline "${file.name}"; allowed: ${Object.keys(file.services).join(", ")}`,
    };
  });

/** Variables may name services, to get their addresses. */
const unknownPeers = ({ services }: OverlayFile, { file }: Baseline): FieldFault[] =>
  Object.entries(services).flatMap(([service, { environment = {} }]) =>
    Object.entries(environment).flatMap(([variable, value]) =>
      peersIn({ [variable]: value })
        .filter((name) => file.services[name] === undefined)
        .map((name) => ({
          field: `services.${service}.environment.${variable}`,
          message: `\${${name}} is no service of baseline "${file.name}"; allowed: ${Object.keys(file.services).join(", ")}; write $\${${name}} for the text itself`,
        })),
    ),
  );
