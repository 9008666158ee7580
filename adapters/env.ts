import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";

const text = z.string().min(1, "must not be empty");

/** A whole number in the environment: the empty string is a fault, never 0. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number of ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** Where table, bucket and queues are. Every program that touches them has these variables. */
export const AdaptersEnv = z.object({
  TABLE_NAME: text,
  BUCKET_NAME: text,
  SEGMENT_QUEUE_URL: z.url({ protocol: /^https?$/ }),
  JUDGE_QUEUE_URL: z.url({ protocol: /^https?$/ }),
  /** Facts live as long after their minute; then only its roll-up is left, and cannot change any more. */
  FACTS_TTL_DAYS: wholeNumber(1, 3_650).default(14),
  /** Partitions that the facts of one minute are spread over; DynamoDB takes 1 000 writes a second in each. */
  FACT_SHARDS: wholeNumber(1, 256).default(4),
  /** At most one wake of judge per minute roll-up in each such span. */
  WAKE_BUCKET_MS: wholeNumber(100, 60_000).default(1_000),
});
export type AdaptersEnv = z.infer<typeof AdaptersEnv>;

/** What is said of a value that may be a secret: it ends up in logs. */
const shown = (field: string, got: string | undefined): string => {
  if (got === undefined) return "nothing";
  return field.endsWith("_KEY") ? `${got.length} characters` : JSON.stringify(got);
};

/** @throws ShadowgraphError "invalid-input" that names every variable at fault, what it was and what is allowed */
export const parseEnv = <T>(schema: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const field = issue.path.join(".");
    const got = env[String(issue.path[0])];
    return { field, message: `${issue.message}; got ${shown(field, got)}` };
  });
  const list = faults.map(({ field, message }) => `${field}: ${message}`).join("; ");
  throw new ShadowgraphError("invalid-input", `environment variables at fault: ${list}`, { faults });
};
