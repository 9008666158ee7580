import { time } from "../../core/report/text.ts";

/** A field that differs, by its path; nothing where it is not there. */
export interface Change {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The fields in which two values differ, in the order of the later one. */
export const changesBetween = (before: unknown, after: unknown): readonly Change[] => {
  const [old, fresh] = [leavesOf(before), leavesOf(after)];
  const fields = new Set([...fresh.keys(), ...old.keys()]);
  return [...fields]
    .map((field) => ({ field, before: old.get(field), after: fresh.get(field) }))
    .filter((change) => change.before !== change.after);
};

const leavesOf = (value: unknown, path = "", leaves = new Map<string, string>()): Map<string, string> => {
  if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) leavesOf(inner, path === "" ? key : `${path}.${key}`, leaves);
  else if (value !== null && value !== undefined) leaves.set(path === "" ? "value" : path, textOf(path, value));
  return leaves;
};

/** Times are milliseconds since 1970, in fields such as `startedAt`. */
const textOf = (path: string, value: unknown): string =>
  typeof value === "number" && path.endsWith("At") ? time(value) : String(value);
