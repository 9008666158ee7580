import type { Rule } from "../api-shapes.js";

/** Rules that are not applied yet, and on which version they were made. */
export interface Draft {
  readonly version: number;
  readonly rules: readonly Rule[];
}

export const isSameRule = (a: Rule, b: Rule): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (rule: Rule) => Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1));
