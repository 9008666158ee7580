import * as z from "zod";
import { type FieldFault, ShadowgraphError } from "../core/errors.ts";
import { OrderBy } from "../core/sampling/order-by.ts";
import { Percent } from "../core/sampling/plan.ts";

/** `10m`, `90s`, `1h`, `500ms`, as milliseconds. */
export const Duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, "must be a number with ms, s, m or h, such as 10m")
  .transform((text) => Number.parseFloat(text) * UNITS_MS[/[a-z]+$/.exec(text)?.[0] as keyof typeof UNITS_MS]);

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

const MOMENT = "must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z, or how long ago, such as 90s, 10m or 2h";

/** A time, or how long ago: milliseconds since 1970, once it is said what time it is now. A day begins at 00:00 UTC. */
export const Moment = z.string().transform((text, context): ((now: number) => number) => {
  const ago = Duration.safeParse(text);
  if (ago.success) return (now) => Math.max(0, Math.round(now - ago.data));
  const at = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return () => at;
  context.addIssue({ code: "custom", message: MOMENT });
  return z.NEVER;
});

/** `0.1%` or `0.001`, as a share. */
export const Share = z
  .string()
  .regex(/^\d*\.?\d+ ?%?$/, "must be a percentage such as 0.1% or a share such as 0.001")
  .transform((text) => Number((Number.parseFloat(text) / (text.endsWith("%") ? 100 : 1)).toPrecision(12)))
  .pipe(z.number().gt(0, "must be above 0").lt(1, "must be below 100%; without a % sign it is a share: 0.001 is 0.1%"));

const SAMPLE = "must be 0 to 100, in steps of 0.01, such as 5 or 0.25%";

/** `5` or `5%`, as percent. */
export const SamplePercent = z
  .string()
  .regex(/^\d*\.?\d+ ?%?$/, SAMPLE)
  .transform(Number.parseFloat)
  .refine((percent) => Percent.safeParse(percent).success, SAMPLE);

const ORDER = "must be header:NAME, cookie:NAME, path:/orders/{id} or none";

/** `header:x-session`, `cookie:session`, `path:/orders/{id}`; null: `none`. */
export const OrderWanted = z.string().transform((text, context) => {
  if (text === "none") return null;
  const [, by, value] = /^(header|cookie|path):(.+)$/s.exec(text) ?? [];
  const parsed = by === undefined ? undefined : OrderBy.safeParse({ [by]: value });
  if (parsed?.success) return parsed.data;
  context.addIssue({ code: "custom", message: parsed?.error?.issues[0]?.message ?? ORDER });
  return z.NEVER;
});

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number of ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const PER_SECOND = "must be 0.1 to 50 requests a second";

export const PerSecond = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3})?$/, PER_SECOND)
  .transform(Number)
  .pipe(z.number().min(0.1, PER_SECOND).max(50, PER_SECOND));

export const Port = whole(0, 65_535);

export const flag = z.boolean().default(false);

/** Parses the options of a command. @throws ShadowgraphError "invalid-input" with every option at fault, what it was and what is allowed */
export const parseOptions = <T extends z.ZodObject>(schema: T, options: Record<string, unknown>): z.infer<T> => {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }): FieldFault => {
    const name = String(path[0]);
    const got = message.includes("; got ") ? "" : `; got "${String(options[name])}"`;
    return {
      field: `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      message: `${message}${got}`,
    };
  });
  throw new ShadowgraphError("invalid-input", "the options are not valid", { faults });
};
