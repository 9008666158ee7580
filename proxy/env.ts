import { randomBytes } from "node:crypto";
import * as z from "zod";
import { parseEnv, wholeNumber } from "../adapters/env.ts";
import { OriginUrl } from "../core/sampling/plan.ts";
import { limitsIn, limitVariables } from "./limit-variables.ts";
import { Limits } from "./limits.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Signs the marks of mirrored requests; whoever checks them has it too. */
const MarkKey = z
  .string()
  .regex(/^[\x21-\x2b\x2d-\x7e]{32,1024}$/, "must be 32 to 1024 characters of ASCII without spaces and commas");

const TeeVariables = z.object({
  /** Where callers are served from; never taken from the plan. */
  PRIMARY_URL: OriginUrl,
  /** Where metrics and health are served; nowhere without a port. */
  ADMIN_PORT: wholeNumber(0, 65_535).optional(),
  ADMIN_HOST: z.string().min(1, "must not be empty").default("127.0.0.1"),
  /** `emf`: metrics for CloudWatch as lines on stdout. */
  METRICS: z.enum(["off", "emf"], "must be off or emf").default("off"),
  PORT: wholeNumber(0, 65_535).default(8080),
  HOST: z.string().min(1, "must not be empty").default("0.0.0.0"),
  BASELINE_ID: z.string().min(1, "must not be empty"),
  SERVICE: z.string().min(1, "must not be empty"),
  SHADOWGRAPH_MARK_KEY: MarkKey.optional(),
  /** Names this tee in ids and heartbeats; by chance where many start from one task definition. */
  TEE_ID: z
    .string()
    .regex(/^[a-z0-9]{1,32}$/, "must be 1-32 of a-z and 0-9")
    .default(() => randomBytes(6).toString("hex")),
});

/** The environment of the tee's process: where it stands, and any of `Limits` in upper case. */
export interface TeeEnv extends z.infer<typeof TeeVariables> {
  readonly limits: Limits;
}

/** @throws ShadowgraphError "invalid-input" that names every variable at fault */
export const parseTeeEnv = (env: Env): TeeEnv => {
  const parsed = parseEnv(TeeVariables.extend(limitVariables(Limits)), env) as Record<string, unknown>;
  return { ...TeeVariables.parse(env), limits: limitsIn(Limits, parsed) };
};
