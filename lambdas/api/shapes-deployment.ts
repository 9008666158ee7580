import * as z from "zod";
import { DEPLOYED_LANES, Failure, PHASES, Progress, STATES } from "../../core/deploy/deployment.ts";
import { Evidence, OUTCOMES, RELEASE_PHASES } from "../../core/release/release.ts";
import { STRATEGIES } from "../../core/sampling/ecs-place.ts";

/** What Shadowgraph runs of an overlay. */
export const DeploymentShape = z.strictObject({
  state: z.enum(STATES),
  /** Why it failed and what to do, or what it waits for. */
  reason: z.string().nullable(),
  generation: z.int(),
  /** When it is shut down; milliseconds since 1970. */
  expiresAt: z.int(),
  /** ARN of what its tasks run under, or `baseline`: the role of the baseline's own. Null while nothing is begun. */
  taskRole: z.string().nullable(),
  parts: z.array(
    z.strictObject({
      service: z.string(),
      lane: z.enum(DEPLOYED_LANES),
      phase: z.enum(PHASES),
      /** Of the ECS service. */
      name: z.string(),
      cluster: z.string(),
      /** Null where it is the baseline's own. */
      image: z.string().nullable(),
      url: z.string().nullable(),
      progress: Progress.nullable(),
      failure: Failure.nullable(),
      note: z.string().nullable(),
    }),
  ),
});
export type DeploymentShape = z.infer<typeof DeploymentShape>;

/** What was released on which evidence, and how far it is. */
export const ReleaseShape = z.strictObject({
  id: z.string(),
  env: z.string(),
  name: z.string(),
  outcome: z.enum(OUTCOMES),
  version: z.string(),
  who: z.string(),
  at: z.int(),
  evidence: Evidence,
  /** Why it was forced. */
  because: z.string().nullable(),
  services: z.array(
    z.strictObject({
      service: z.string(),
      phase: z.enum(RELEASE_PHASES),
      strategy: z.enum(STRATEGIES),
      image: z.string().nullable(),
      /** Task definitions: before, and the one that is released. */
      from: z.string().nullable(),
      to: z.string().nullable(),
      status: z.string().nullable(),
      reason: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
});
