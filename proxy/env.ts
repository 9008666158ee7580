import * as z from "zod";
import { TargetUrl } from "../core/sampling/plan.ts";
import { Limits } from "./limits.ts";

const port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port, 0 to 65535")
  .transform(Number)
  .pipe(z.int().min(0).max(65_535));

/** The environment of the tee's process. Every limit of `Limits` may be set too, in upper case with underscores: `MAX_BODY_BYTES`. */
export const TeeEnv = z.object({
  /** Where callers are served from; never taken from the plan. */
  PRIMARY_URL: TargetUrl.refine((url) => new URL(url).pathname === "/", "must have no path: requests pass unchanged"),
  PORT: port.default(8080),
  HOST: z.string().min(1).default("0.0.0.0"),
  BASELINE_ID: z.string().min(1),
  SERVICE: z.string().min(1),
  /** Names this tee in ids and heartbeats. */
  TEE_ID: z.string().regex(/^[a-z0-9]{1,32}$/, "must be 1-32 of a-z and 0-9"),
});
export type TeeEnv = z.infer<typeof TeeEnv>;

const variable = (limit: string): string => limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** @throws ZodError that names the variable */
export const limitsOf = (env: Readonly<Record<string, string | undefined>>): Limits => {
  const given: Record<string, number> = {};
  for (const limit of Object.keys(Limits.shape)) {
    const value = env[variable(limit)];
    if (value !== undefined) given[limit] = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  }
  return Limits.parse(given);
};
