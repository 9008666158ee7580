import type * as z from "zod";
import { type FieldFault, ShadowgraphError } from "../../core/errors.ts";

type Issue = z.core.$ZodIssue;

/** Parses what came from outside. @throws ShadowgraphError "invalid-input" that names every field at fault at once */
export const parseInput = <T extends z.ZodType>(schema: T, value: unknown, what: string): z.infer<T> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, value, what));
  const fields = faults.map(({ field }) => field).join(", ");
  throw new ShadowgraphError("invalid-input", `${faults.length} fault(s) in the ${what}: ${fields}`, { faults });
};

const faultsOf = (issue: Issue, value: unknown, what: string): FieldFault[] => {
  if (issue.code === "unrecognized_keys") {
    const at = issue.path.map(String);
    return issue.keys.map((key) => ({ field: [...at, key].join("."), message: "is not known here" }));
  }
  if (issue.code === "invalid_union") {
    const branch = nearest(issue.errors);
    const at = (inner: Issue): Issue => ({ ...inner, path: [...issue.path, ...inner.path] });
    if (branch !== undefined) return branch.flatMap((inner) => faultsOf(at(inner), value, what));
  }
  if (issue.code === "invalid_key") {
    const key = String(issue.path.at(-1));
    const field = issue.path.map(String).join(".");
    return issue.issues.map(({ message }) => ({ field, message: `as a name ${message}; got "${key}"` }));
  }
  const got = issue.path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | null)?.[step], value);
  return [{ field: issue.path.map(String).join(".") || what, message: `${issue.message}${gotText(issue, got)}` }];
};

/** The union's branch that fits best: the one whose faults lie deepest, since it took the value's type. */
const nearest = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined => {
  const depth = (issues: readonly Issue[]) =>
    Math.max(...issues.map(({ code, path }) => path.length + Number(code !== "invalid_type")));
  return branches.toSorted((a, b) => depth(b) - depth(a))[0];
};

/** Most messages of core already say what they got. */
const gotText = ({ message }: Issue, got: unknown): string => {
  if (message.includes("; got ")) return "";
  const text = got === undefined ? "nothing" : JSON.stringify(got);
  return `; got ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`;
};
