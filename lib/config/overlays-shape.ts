import * as z from "zod";
import { OF_BASELINE } from "../../core/deploy/deployment.ts";
import { SecurityGroupId, SubnetId } from "./network-shape.ts";

const EcsName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,255}$/, "must be 1-255 letters, digits, - and _, as ECS names things");
const ServicePort = z.int().min(1).max(65_535);

const ROLE = String.raw`arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+`;
const RoleArn = z.string().regex(new RegExp(`^${ROLE}$`), "must be the ARN of a role");

const Cluster = z.strictObject({
  cluster: EcsName,
  executionRoleArns: z.array(RoleArn).min(1).max(20),
  /** Passed on by releases, and by overlays where `taskRole` is "baseline". */
  taskRoleArns: z.array(RoleArn).max(20).default([]),
  released: z
    .array(z.strictObject({ service: EcsName, family: EcsName }))
    .max(20)
    .default([]),
});

const Destination = z
  .string()
  .regex(
    /^(sg-[0-9a-f]{8,17}|(\d{1,3}\.){3}\d{1,3}\/\d{1,2})$/,
    "must be a security group such as sg-0abc1234, or a range of addresses such as 10.0.0.0/8",
  );

/** Overlays that are deployed from images, and what they may be made of and reach. */
export const OverlaysShape = z
  .strictObject({
    clusters: z
      .array(Cluster)
      .min(1)
      .max(5)
      .refine(
        (clusters) => new Set(clusters.map(({ cluster }) => cluster)).size === clusters.length,
        "must name each cluster once",
      ),
    /** Where left out, a role without any right. */
    taskRole: z
      .string()
      .regex(new RegExp(`^(${OF_BASELINE}|${ROLE})$`), `must be the ARN of a role, or "${OF_BASELINE}"`)
      .optional(),
    /** Where services answer: tees, and overlays that call each other, are let in there. */
    ports: z.array(ServicePort).min(1).max(10),
    namespace: z
      .string()
      .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "must be a domain such as overlays.internal")
      .optional(),
    subnetIds: z.array(SubnetId).min(1).max(16).optional(),
    egress: z
      .array(z.strictObject({ to: Destination, port: ServicePort }))
      .max(40)
      .default([]),
    allowSecurityGroups: z.array(SecurityGroupId).max(50).default([]),
  })
  .superRefine(({ clusters, taskRole }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (taskRole === OF_BASELINE && clusters.every(({ taskRoleArns }) => taskRoleArns.length === 0))
      fault(
        ["taskRole"],
        "must be left out where no cluster names its taskRoleArns: overlays would run under none of them",
      );
    for (const [index, { taskRoleArns, released }] of clusters.entries()) {
      if (taskRoleArns.length > 0 && released.length === 0 && taskRole !== OF_BASELINE)
        fault(
          ["clusters", index, "taskRoleArns"],
          `must be left out where nothing is released and taskRole is not "${OF_BASELINE}": nothing would run under them`,
        );
    }
  });
export type OverlaysShape = z.infer<typeof OverlaysShape>;
