import * as z from "zod";
import { KINDS } from "../../core/diff/place.ts";
import { STATES } from "../../core/recheck/state.ts";
import { shapes } from "./shapes.ts";

/** No fault of it shows the value: what it holds is secret. */
const SecretValue = z
  .string({ error: () => "must be text; got something else" })
  .max(8_192, "must be at most 8192 characters; got more")
  .regex(/^[^\0\r\n]*$/, "must not hold line breaks; got some");

/** Values for what was hidden, by what they are: `authorization`, `header:authorization`, `cookie:sid`, `query:token`, `body:password`. Never stored. */
export const FillShape = z
  .record(z.string().min(1).max(300), SecretValue)
  .refine((fill) => Object.keys(fill).length <= 100, "must hold at most 100 values; got more")
  .default({});

/** Where requests are sent: `control` is asked twice; without a control of its own it is the baseline itself. */
export const ResendLanesShape = z.strictObject({
  service: z.string(),
  candidate: z.string(),
  control: z.string(),
  controlIs: z.enum(["control", "baseline"]),
});

export const RecheckShape = z.strictObject({
  id: z.string(),
  env: z.string(),
  run: z.string(),
  at: z.int(),
  who: z.string(),
  lanes: ResendLanesShape,
  /** How often each request is sent, and how many of them a second. */
  times: z.int(),
  rate: z.number(),
  /** Distinct requests; repetitions sent, and in all. */
  requests: z.int(),
  done: z.int(),
  total: z.int(),
  findings: z.array(
    z.strictObject({
      id: z.string(),
      endpoint: z.string(),
      place: z.string(),
      kind: z.enum(KINDS),
      state: z.enum(STATES),
      reason: z.string(),
      /** Names of hidden values to give, so that it can be sent. */
      missing: z.array(z.string()),
      /** Requests that showed it in the run; repetitions of them, and of those the ones that show it again. */
      requests: z.int(),
      repetitions: z.int(),
      shown: z.int(),
      /** That it would have been seen were it still there, as frequent as in the run; null where nothing speaks for it. */
      confidence: z.number().nullable(),
      /** With 95 % confidence, at most this part of such requests still shows it; null where that is not known. */
      atMost: z.number().nullable(),
      example: z.strictObject({ request: z.string(), control: z.string(), candidate: z.string() }).nullable(),
    }),
  ),
  /** Where the candidate differs now and did not in the run. */
  others: z.array(z.strictObject({ endpoint: z.string(), place: z.string(), kind: z.enum(KINDS), count: z.int() })),
});
shapes.add(RecheckShape, { id: "Recheck" });
export type RecheckShape = z.infer<typeof RecheckShape>;
