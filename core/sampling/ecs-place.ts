import * as z from "zod";

const AwsName = z.string().regex(/^[\w:/-]{1,255}$/, "must be the name or ARN of something in ECS");

export const STRATEGIES = ["canary", "linear", "rolling"] as const;

/** ECS takes no smaller steps. */
const MIN_LINEAR_PERCENT = 3;

/** How the baseline's ECS service takes a released image. */
export const Rollout = z
  .strictObject({
    strategy: z.enum(STRATEGIES).default("canary"),
    /** Of the traffic: first (`canary`), or with each step (`linear`). */
    percent: z.number().min(0.1).max(100).multipleOf(0.1).default(10),
    /** Before the rest, or the next step, follows. */
    bakeMinutes: z.int().min(0).max(1_440).default(10),
    /** CloudWatch alarms that roll it back. */
    alarms: z.array(z.string().min(1).max(255)).max(10).default([]),
  })
  .refine(({ strategy, percent }) => strategy !== "linear" || percent >= MIN_LINEAR_PERCENT, {
    path: ["percent"],
    message: `must be at least ${MIN_LINEAR_PERCENT} where strategy is linear`,
  });
export type Rollout = z.infer<typeof Rollout>;

/** Where a service of the baseline runs. */
export const EcsPlace = z.strictObject({
  cluster: AwsName,
  service: AwsName,
  /** The one that overlays change; needed where a task has more than one. */
  container: z.string().min(1).max(255).optional(),
  /** Where the container answers. */
  port: z.int().min(1).max(65_535),
  release: Rollout.prefault({}),
});
export type EcsPlace = z.infer<typeof EcsPlace>;
