import * as z from "zod";
import { Change } from "../sampling/changed-service.ts";
import { Collaborators } from "../sampling/collaborators.ts";
import { EcsPlace } from "../sampling/ecs-place.ts";
import { Name } from "../sampling/environment.ts";

export const DEPLOYED_LANES = ["candidate", "secondary"] as const;

/** In the order in which they are gone through; where one fails all are halted, so that they cost nothing. */
const MAKING = ["registry", "taskDefinition", "service", "steady", "ready"] as const;
const REMOVING = ["scaleDown", "drain", "deleteService", "taskDefinitions", "deleteRegistry", "gone"] as const;
export const PHASES = [...MAKING, "halt", "failed", ...REMOVING] as const;
export type Phase = (typeof PHASES)[number];

/** How many tasks run, and what ECS said of late. */
export const Progress = z.strictObject({
  running: z.int(),
  desired: z.int(),
  /** The latest first. */
  events: z.array(z.string()),
  stopped: z.array(z.string()),
});
export type Progress = z.infer<typeof Progress>;

export const Failure = z.strictObject({ reason: z.string(), next: z.string() });
export type Failure = z.infer<typeof Failure>;

/** One ECS service: a lane of a changed service. Its names are made beforehand, so that it is found whatever was lost. */
export const Part = z.strictObject({
  /** Of the ECS service and of the family of its task definitions. */
  name: z.string(),
  /** In DNS, under the namespace of the overlays. */
  label: z.string(),
  service: Name,
  lane: z.enum(DEPLOYED_LANES),
  source: EcsPlace,
  change: Change,
  desiredCount: z.int(),
  allowSecurityGroups: z.array(z.string()),
  /** A guard stands before these. */
  collaborators: Collaborators.optional(),
  /** The services that its variables name: one that is deployed with it, or an address. */
  peers: z
    .record(Name, z.union([z.strictObject({ label: z.string(), port: z.int() }), z.strictObject({ url: z.string() })]))
    .default({}),
  phase: z.enum(PHASES),
  /** When the phase began; milliseconds since 1970. */
  since: z.int(),
  registry: z.strictObject({ id: z.string(), arn: z.string() }).optional(),
  taskDefinition: z.string().optional(),
  /** The task definition of the baseline's service that it was made of: what is compared. */
  madeOf: z.string().optional(),
  progress: Progress.optional(),
  failure: Failure.optional(),
  /** Why it does not go on at present. */
  note: z.string().optional(),
});
export type Part = z.infer<typeof Part>;

/** `running`: as overlay.yaml wants it; `expired`: shut down, the overlay stays; `deleted`: shut down, then forgotten. */
const GOALS = ["running", "expired", "deleted"] as const;

/** In place of the ARN of a role: that of the baseline's task definition. */
export const OF_BASELINE = "baseline";

/** What is deployed of an overlay, and how far that is. */
export const Deployment = z.strictObject({
  env: z.string().min(1),
  name: z.string(),
  /** From 1; another wish is another generation, made beside the one before, which is removed. */
  generation: z.int().min(1),
  goal: z.enum(GOALS),
  expiresAt: z.int(),
  parts: z.array(Part),
  /** What all tasks of the generation run under, or `baseline`; noted before the first task definition is made. */
  taskRole: z.string().optional(),
  /** What the parts were made of. */
  fingerprint: z.string(),
  /** The overlay has their addresses: it may be mirrored to. */
  published: z.boolean(),
  /** One more at each write: of two that write the same step, one wins. */
  step: z.int().min(1),
  /** Of the last write. */
  at: z.int(),
});
export type Deployment = z.infer<typeof Deployment>;

export const STATES = ["deploying", "ready", "failed", "removing", "expired"] as const;
export type DeploymentState = (typeof STATES)[number];

const REMOVAL: ReadonlySet<Phase> = new Set(REMOVING);

export const isRemoved = ({ phase }: Part): boolean => REMOVAL.has(phase);

export const stateOf = ({ goal, parts, published }: Deployment): DeploymentState => {
  if (goal !== "running") return goal === "expired" && parts.every(isGone) ? "expired" : "removing";
  const wanted = parts.filter((part) => !isRemoved(part));
  if (wanted.some(({ phase }) => phase === "failed" || phase === "halt")) return "failed";
  return published && wanted.every(({ phase }) => phase === "ready") ? "ready" : "deploying";
};

/** What its tasks run under: what was begun before that was noted, under the baseline's. Undefined where nothing is begun. */
export const taskRoleOf = ({ taskRole, parts }: Deployment): string | undefined => {
  const isBegun = parts.some((part) => !isRemoved(part) && part.phase !== "registry");
  return taskRole ?? (isBegun ? OF_BASELINE : undefined);
};

/** With the role that is asked for now, unless it has one: no lane runs under another than its peers. */
export const withTaskRole = (deployment: Deployment, asked: string): Deployment =>
  deployment.goal === "running" ? { ...deployment, taskRole: taskRoleOf(deployment) ?? asked } : deployment;

export const isGone = ({ phase }: Part): boolean => phase === "gone";

/** Nothing is left to do until something else changes. */
export const isSettled = (deployment: Deployment): boolean => {
  const state = stateOf(deployment);
  if (state === "deploying" || state === "removing") return false;
  return deployment.parts.every(({ phase }) => phase === "ready" || phase === "failed" || phase === "gone");
};
