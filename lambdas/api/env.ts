import * as z from "zod";
import { DeployPlace, idList } from "../../adapters/deploy-env.ts";
import { AdaptersEnv } from "../../adapters/env.ts";
import { jsonOf, TeeRoute } from "../../adapters/tee-route.ts";
import { JudgeEnv } from "../judge/env.ts";

export const ApiEnv = z.object({
  ...AdaptersEnv.shape,
  /** By which listeners callers come to tees; none where no load balancer does. */
  TEE_ROUTES: jsonOf(z.array(TeeRoute)).default([]),
});
export type ApiEnv = z.infer<typeof ApiEnv>;

/** Must be those of judge where it has some, or the two would give different verdicts. */
export const ApiSettings = z.object({ VERDICT_SETTINGS: JudgeEnv.shape.VERDICT_SETTINGS });

/** Where overlays are deployed from; without it, they are services that run already. */
export const ApiDeploying = z.object({
  DEPLOY_QUEUE_URL: DeployPlace.shape.DEPLOY_QUEUE_URL.optional(),
  /** Security groups that overlay.yaml may list. */
  OVERLAY_ALLOWED_GROUPS: idList.default([]),
});
export type ApiDeploying = z.infer<typeof ApiDeploying>;

/** What sends requests again from within the network of the tees; without it the API does, as far as it reaches. */
export const ApiResending = z.object({
  RESEND_FUNCTION: z.string().min(1).optional(),
  /** Set by the runtime. */
  AWS_REGION: z.string().min(1).default("us-east-1"),
});
export type ApiResending = z.infer<typeof ApiResending>;
