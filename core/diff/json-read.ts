import type { Budget } from "./budget.ts";
import { readExact } from "./json-exact.ts";
import { type Survey, survey } from "./json-survey.ts";

/** `value` holds all that the text says: plain values, and `ExactNumber` and `RepeatedKey` where plain ones would lose something. */
export type JsonReading =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "notJson" }
  | { readonly kind: "tooCostly" };

/** Units of work, measured: a key that was not seen before is the dearest part of `JSON.parse`, then containers. */
const SURVEY_WORK_PER_CHAR = 0.3;
const WORK = { comma: 2, container: 9, member: 6, distinctMember: 44 } as const;

/** What the exact reader takes, against `JSON.parse`. */
const EXACT_TIMES = 4;
const EXACT_WORK_PER_CHAR = 0.5;

const workOf = ({ members, distinctShare, containers, commas }: Survey): number =>
  commas * WORK.comma + containers * WORK.container + members * (WORK.member + distinctShare * WORK.distinctMember);

/** Lossless. `JSON.parse` where that keeps everything, the exact reader where it would not. */
export const readJson = (text: string, budget: Budget): JsonReading => {
  if (!budget.spend(text.length * SURVEY_WORK_PER_CHAR)) return { kind: "tooCostly" };
  const found = survey(text);
  const work = workOf(found);
  if (!budget.spend(work)) return { kind: "tooCostly" };
  const parsed = parse(text);
  if (parsed === undefined) return { kind: "notJson" };
  if (!found.hasExactNumbers && countKeys(parsed.value, found.members) === found.members)
    return { kind: "json", value: parsed.value };
  return budget.spend(EXACT_TIMES * work + text.length * EXACT_WORK_PER_CHAR)
    ? { kind: "json", value: readExact(text) }
    : { kind: "tooCostly" };
};

const JSON_START = /^\s*[[{]/;

/** An object or a list as JSON. Scalars stay text: `1` and `1.0` are the same number, but nobody said that they are numbers. */
export const readJsonOrText = (text: string, budget: Budget): { readonly value: unknown } | "tooCostly" => {
  if (!JSON_START.test(text)) return { value: text };
  const reading = readJson(text, budget);
  if (reading.kind === "json") return reading;
  return reading.kind === "notJson" ? { value: text } : "tooCostly";
};

const parse = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/** `JSON.parse` keeps the last of repeated keys, so fewer keys than the text has members means that some were repeated. */
const countKeys = (root: unknown, members: number): number => {
  if (members === 0 || typeof root !== "object" || root === null) return 0;
  const open: object[] = [root];
  let keys = 0;
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    if (Array.isArray(container)) {
      for (const value of container) if (typeof value === "object" && value !== null) open.push(value);
      continue;
    }
    for (const key in container) {
      const value = (container as Record<string, unknown>)[key];
      if (typeof value === "object" && value !== null) open.push(value);
      keys++;
    }
  }
  return keys;
};
