import * as z from "zod";
import { wholeNumber } from "./env.ts";

/** Ids joined by commas; the empty text is none. */
export const idList = z
  .string()
  .regex(/^([\w-]+(,[\w-]+)*)?$/, "must be ids joined by commas")
  .transform((text) => (text === "" ? [] : text.split(",")));

const list = z
  .string()
  .regex(/^[\w-]+(,[\w-]+)*$/, "must be ids joined by commas")
  .transform((text) => text.split(","));

/** Where overlays are deployed. */
export const DeployPlace = z.object({
  /** The Cloud Map namespace of the overlays: a private DNS one. */
  OVERLAY_NAMESPACE_ID: z.string().regex(/^ns-[0-9a-z]+$/, "must be the id of a Cloud Map namespace such as ns-0a1b2c"),
  OVERLAY_NAMESPACE_NAME: z.string().min(1, "must not be empty"),
  OVERLAY_SUBNETS: list,
  /** Has no way to the baseline's data stores. */
  OVERLAY_SECURITY_GROUP: z.string().regex(/^sg-[0-9a-z]+$/, "must be the id of a security group such as sg-0a1b2c"),
  /** Under which tasks of overlays run, or `baseline`: under that of the baseline's own. */
  OVERLAY_TASK_ROLE: z
    .string()
    .regex(/^(baseline|arn:[\w-]+:iam::\d*:role\/.+)$/, 'must be the ARN of a role, or "baseline"'),
  DEPLOY_QUEUE_URL: z.url({ protocol: /^https?$/ }),
  /** Of the guard that stands beside services with collaborators; without them such overlays are refused. */
  GUARD_IMAGE_ARM64: z.string().min(1, "must not be empty").optional(),
  GUARD_IMAGE_X86_64: z.string().min(1, "must not be empty").optional(),
  GUARD_LOG_GROUP_ARN: z
    .string()
    .regex(/^arn:[\w-]+:logs:[\w-]+:\d*:log-group:[^:]+/, "must be the ARN of a log group")
    .optional(),
  /** Between two looks at what is under way. */
  DEPLOY_LOOK_SECONDS: wholeNumber(0, 900).default(5),
});
export type DeployPlace = z.infer<typeof DeployPlace>;
