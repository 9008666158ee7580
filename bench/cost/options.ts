import { parseArgs } from "node:util";
import * as z from "zod";
import type { Load } from "./measure.ts";
import { MIN_BODY_BYTES } from "./order.ts";

/** A number as people write it; the empty string is a fault, never 0. */
const decimal = (min: number, max: number) => {
  const allowed = `must be a number from ${min} to ${max}`;
  return z
    .string(allowed)
    .regex(/^\d+(?:\.\d+)?$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed));
};

/** The tee compares no more (`MAX_BODY_BYTES`). */
const MAX_BODY_BYTES = 1_048_576;

const CostOptions = z.object({
  rps: decimal(0.1, 10_000_000),
  divergence: decimal(0, 100).prefault("10"),
  body: decimal(MIN_BODY_BYTES, MAX_BODY_BYTES).prefault("800"),
  secondary: z.boolean().default(false),
  "tee-micros": decimal(1, 1_000_000).optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export const USAGE = `usage: npm run cost -- --rps N [options]

What mirroring N requests a second costs on AWS, from the bytes, calls and CPU of the real pipeline at list prices, beside a design with one
message and one item for each pair.

  --rps N            mirrored requests a second, 0.1 to 10000000
  --divergence P     percent of the answers that differ, 0 to 100; 10 unless given
  --body BYTES       size of an answer's JSON, ${MIN_BODY_BYTES} to ${MAX_BODY_BYTES}; 800 unless given
  --secondary        a control overlay answers each request as well
  --tee-micros N     CPU of a tee a mirrored request in microseconds, instead of docs/performance.md
  --json             everything as JSON
  --help             this text`;

export class UsageError extends Error {}

export type Asked =
  | { readonly kind: "help" }
  | { readonly kind: "cost"; readonly load: Load; readonly isJson: boolean };

const FLAGS = ["secondary", "json", "help"];

/** @throws UsageError that names each option at fault, what it was and what is allowed */
export const readCostOptions = (args: readonly string[]): Asked => {
  const given = readArgs(args);
  if (given.help === true) return { kind: "help" };
  const { success, data, error } = CostOptions.safeParse(given);
  if (!success) {
    const faults = error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `--${name}: ${message}; got ${given[name] === undefined ? "nothing" : JSON.stringify(given[name])}`;
    });
    throw new UsageError(faults.join("\n"));
  }
  const { rps, divergence, body, secondary, "tee-micros": teeMicros, json } = data;
  const load = { rps, divergence: divergence / 100, bodyBytes: Math.round(body), hasSecondary: secondary, teeMicros };
  return { kind: "cost", load, isJson: json };
};

const readArgs = (args: readonly string[]): Record<string, unknown> => {
  const types = Object.keys(CostOptions.shape).map((name) => [
    name,
    { type: FLAGS.includes(name) ? "boolean" : "string" },
  ]);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(types) }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};
