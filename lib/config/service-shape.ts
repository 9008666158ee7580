import * as z from "zod";
import { OriginUrl } from "../../core/sampling/plan.ts";
import { loopFault } from "./loop.ts";
import { Cidr, SecurityGroupId } from "./network-shape.ts";

const arn = (service: string, resource: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}`),
      `must be the ARN of a ${resource.replace(/[:/].*/, "")}`,
    );

const TargetGroupArn = arn("elasticloadbalancing", "targetgroup/");

const Attached = z
  .strictObject({
    listenerArn: arn("elasticloadbalancing", "listener/app/"),
    securityGroupId: SecurityGroupId,
    baselineTargetGroupArn: TargetGroupArn,
    priority: z.int().min(1).max(50_000),
    hosts: z.array(z.string().min(1).max(128)).max(5).default([]),
    paths: z.array(z.string().min(1).max(128)).max(5).default([]),
  })
  .refine(({ hosts, paths }) => hosts.length + paths.length <= 5, "must have at most 5 hosts and paths together");

const Standalone = z
  .strictObject({
    facing: z.enum(["internal", "internet"]).default("internal"),
    certificateArn: arn("acm", "certificate/").optional(),
    allowFrom: z.array(Cidr).min(1),
    baselineTargetGroupArn: TargetGroupArn.optional(),
  })
  .superRefine(({ facing, certificateArn, allowFrom }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (facing === "internet" && certificateArn === undefined)
      fault("facing", 'must be internal without a certificateArn; got "internet"');
    if (facing === "internal" && allowFrom.some((range) => range.endsWith("/0")))
      fault("allowFrom", 'must not be everybody where facing is internal; got "0.0.0.0/0"');
  });

/** CPU units of Fargate, and the memory in MiB that each can have. */
const MEMORY: Readonly<Record<number, { readonly min: number; readonly max: number }>> = {
  256: { min: 512, max: 2048 },
  512: { min: 1024, max: 4096 },
  1024: { min: 2048, max: 8192 },
  2048: { min: 4096, max: 16_384 },
  4096: { min: 8192, max: 30_720 },
};

export const ServiceShape = z
  .strictObject({
    url: OriginUrl,
    attached: Attached.optional(),
    standalone: Standalone.optional(),
    /** 10 where there is a way past the tees, 100 where there is none. */
    percent: z.int().min(1).max(100).optional(),
    minTasks: z.int().min(2).max(500).optional(),
    maxTasks: z.int().min(2).max(500).optional(),
    cpu: z.literal([256, 512, 1024, 2048, 4096]).optional(),
    memoryMiB: z.int().min(512).max(30_720).multipleOf(512).optional(),
    requestsPerTask: z.int().min(1).max(100_000).default(500),
    cpuPercent: z.int().min(10).max(90).default(50),
    drainSeconds: z.int().min(15).max(105).default(30),
    killSwitch: z
      .strictObject({
        periods: z.int().min(1).max(30).default(3),
        errorPercent: z.int().min(1).max(100).default(5),
        refusalPercent: z.int().min(1).max(100).default(20),
      })
      .prefault({}),
  })
  .refine(
    ({ attached, standalone }) => (attached === undefined) !== (standalone === undefined),
    "must hold exactly one of attached and standalone",
  )
  .superRefine(({ url, attached, standalone, percent, minTasks, maxTasks, cpu, memoryMiB }, context) => {
    const fault = (path: string, message: string | undefined) =>
      message === undefined || context.addIssue({ code: "custom", path: [path], message });
    if (attached !== undefined) fault("url", loopFault({ primaryUrl: url, ...attached }));
    if (percent !== undefined && standalone !== undefined && standalone.baselineTargetGroupArn === undefined)
      fault(
        "percent",
        `must be left out where standalone has no baselineTargetGroupArn, since all requests go to the tees; got ${percent}`,
      );
    if (minTasks !== undefined && maxTasks !== undefined && maxTasks < minTasks)
      fault("maxTasks", `must not be below minTasks (${minTasks}); got ${maxTasks}`);
    if ((cpu === undefined) !== (memoryMiB === undefined))
      fault(
        cpu === undefined ? "memoryMiB" : "cpu",
        `must be given together with ${cpu === undefined ? "cpu" : "memoryMiB"}`,
      );
    const range = cpu === undefined ? undefined : MEMORY[cpu];
    if (range !== undefined && memoryMiB !== undefined && (memoryMiB < range.min || memoryMiB > range.max))
      fault("memoryMiB", `must be ${range.min} to ${range.max} with cpu ${cpu}; got ${memoryMiB}`);
  });
export type ServiceShape = z.infer<typeof ServiceShape>;
