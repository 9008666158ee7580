import * as z from "zod";
import type { FieldFault } from "../core/errors.ts";

type Issue = z.core.$ZodIssue;
export type Path = readonly (string | number)[];
export interface PathFault extends FieldFault {
  /** Where the field is, or would be. */
  readonly path: Path;
}

/** Every way in which `value` is not what `schema` asks for: what is wrong, what was there, what is allowed. */
export const schemaFaults = (schema: z.ZodType, value: unknown): PathFault[] => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return parsed.error.issues.flatMap((issue) => faultsOf(issue, [], value, json));
};

const faultsOf = (issue: Issue, above: Path, value: unknown, json: JsonSchema): PathFault[] => {
  const path = [...above, ...(issue.path as Path)];
  const fault = (at: Path, message: string): PathFault => ({ path: at, field: at.join(".") || "the file", message });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => fault([...path, key], unknownKey(key, keysAt(json, path))));
    case "invalid_union": {
      const inner = nearestBranch(issue.errors);
      const isScalar = inner.every(({ path: below }) => below.length === 0);
      if (!isScalar) return inner.flatMap((one) => faultsOf(one, path, value, json));
      const allowed = issue.errors.flat().map(allowedBy).join(", or ");
      return [fault(path, `must be ${allowed}${got(value, path)}`)];
    }
    case "invalid_key":
      return issue.issues.map((inner) => fault(path, `as a name ${inner.message}; got "${String(path.at(-1))}"`));
    default:
      return [fault(path, wording(issue, value, path))];
  }
};

const wording = (issue: Issue, value: unknown, path: Path): string => {
  if (issue.message.includes("; got ")) return issue.message;
  if (at(value, path) === undefined) return `is missing; must be ${allowedBy(issue)}`;
  const isOwnWords = issue.code === "custom" || (issue.code === "invalid_format" && issue.message.startsWith("must "));
  return `${isOwnWords ? issue.message : `must be ${allowedBy(issue)}`}${got(value, path)}`;
};

/** What the place may hold, in words that follow "must be". */
const allowedBy = (issue: Issue): string => {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "invalid_type":
      return TYPES[issue.expected] ?? `a ${issue.expected}`;
    case "too_big":
      return `at most ${issue.maximum}${UNITS[issue.origin] ?? ""}`;
    case "too_small":
      return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${UNITS[issue.origin] ?? ""}`;
    case "not_multiple_of":
      return `in steps of ${issue.divisor}`;
    case "invalid_format":
      return issue.message.startsWith("must ")
        ? issue.message
        : `text that ${issue.format.replaceAll("_", " ")} ${"prefix" in issue ? issue.prefix : ""}`.trim();
    default:
      return issue.message;
  }
};

const TYPES: Readonly<Record<string, string>> = {
  object: "a map of keys and values",
  record: "a map of keys and values",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};
const UNITS: Readonly<Record<string, string>> = { string: " characters", array: " entries" };

/** The branch that fits best: the one whose faults lie deepest, since it took the value's type. */
const nearestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] => {
  const depth = (issues: readonly Issue[]) =>
    Math.max(...issues.map(({ code, path }) => path.length + Number(code === "unrecognized_keys")));
  return branches.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
};

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, step) => (node as Record<string, unknown> | null | undefined)?.[step], value);

const MAX_GOT_CHARS = 60;

const got = (value: unknown, path: Path): string => {
  const found = at(value, path);
  if (found === null) return "; got nothing";
  if (Array.isArray(found)) return "; got a list";
  if (typeof found === "object") return "; got a map";
  const text = typeof found === "string" ? JSON.stringify(found) : String(found);
  return `; got ${text.length > MAX_GOT_CHARS ? `${text.slice(0, MAX_GOT_CHARS)}…` : text}`;
};

const unknownKey = (key: string, known: readonly string[]): string => {
  const near = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint = near === undefined ? "" : `; did you mean "${near.name}"?`;
  return `is not known here${hint}; allowed: ${known.join(", ")}`;
};

/** Levenshtein's: letters to insert, remove or replace. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= Math.min(a.length, MAX_GOT_CHARS); i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row[b.length]!;
};

export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** The keys that a map at `path` may have. */
const keysAt = (json: JsonSchema, path: Path): string[] => {
  const nodes = path.reduce((those, step) => those.flatMap((node) => below(node, step)), [json]);
  return nodes.flatMap(branchesOf).flatMap(({ properties }) => Object.keys(properties ?? {}));
};

const branchesOf = (node: JsonSchema): JsonSchema[] => (node.anyOf ? node.anyOf.flatMap(branchesOf) : [node]);

const below = (node: JsonSchema, step: string | number): JsonSchema[] =>
  branchesOf(node).flatMap(({ properties, items, additionalProperties }) => {
    const found = typeof step === "number" ? items : (properties?.[step] ?? additionalProperties);
    return typeof found === "object" ? [found] : [];
  });
