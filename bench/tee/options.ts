import { parseArgs } from "node:util";
import * as z from "zod";
import { wholeNumber } from "../../adapters/env.ts";
import { SCENARIOS } from "./scenarios.ts";

const NAMES = SCENARIOS.map(({ name }) => name);

/** Several names divided by commas, or `all`. */
const Scenarios = z
  .string()
  .transform((text) => (text === "all" ? NAMES : text.split(",")))
  .refine((names) => names.every((name) => NAMES.includes(name)), `must be all, or any of ${NAMES.join(",")}`)
  .transform((names) => SCENARIOS.filter(({ name }) => names.includes(name)));

export const TeeOptions = z.object({
  scenario: Scenarios.prefault("reference"),
  runs: wholeNumber(1, 1_000).default(5),
  requests: wholeNumber(1, 10_000_000).default(40_000),
  "settle-ms": wholeNumber(1, 60_000).default(1_500),
});

export const LatencyOptions = z.object({
  rate: wholeNumber(1, 100_000).optional(),
  rounds: wholeNumber(1, 10_000).default(20),
  "round-seconds": wholeNumber(1, 60).default(1),
});

export const SoakOptions = z.object({ minutes: wholeNumber(1, 1_440).default(10) });

export const IsolationOptions = z.object({ rows: z.string().default("") });

export const DiffOptions = z.object({
  runs: wholeNumber(1, 1_000).default(5),
  requests: wholeNumber(1, 10_000_000).default(20_000),
});

export const RedactionOptions = DiffOptions;

export const ScenariosOptions = z.object({ family: z.string().min(1).optional() });

export class UsageError extends Error {}

/** @throws UsageError that names each option at fault, what it was and what is allowed */
export const readOptions = <T extends z.ZodObject>(schema: T, args: readonly string[]): z.infer<T> => {
  const names = Object.keys(schema.shape);
  const given = readArgs(names, args);
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const faults = error.issues.map(
    ({ path, message }) => `--${String(path[0])}: ${message}; got "${given[String(path[0])]}"`,
  );
  throw new UsageError(faults.join("\n"));
};

const readArgs = (names: readonly string[], args: readonly string[]): Record<string, unknown> => {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};
