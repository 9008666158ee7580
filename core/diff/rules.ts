import { hash } from "node:crypto";
import * as z from "zod";
import { RULE_FORMATS } from "./rule-formats.ts";

/** What a rule may say, and the fields that belong to it. Each names the place it speaks of. */
const VERBS = {
  ignore: [],
  tolerance: ["absolute", "relative", "ulp"],
  orderFree: [],
  keyedBy: ["key"],
  format: ["is", "withinMs"],
  similar: ["atLeast"],
  set: [],
} as const;
export type Verb = keyof typeof VERBS;
const VERB_NAMES = Object.keys(VERBS) as Verb[];

/** A place as findings show it; `*` there stands for one path step, `**` at the end for the place and all below. */
const pattern = z.string().min(1).max(1_000).optional();

const fields = {
  /** Endpoint as findings show it, such as `GET /orders/{id}`; all endpoints where left out. */
  endpoint: z.string().min(1).optional(),
  /** May differ in any way. */
  ignore: pattern,
  /** Numbers, also as text, may differ by so much: by any of the bounds that are given. */
  tolerance: pattern,
  absolute: z.number().gt(0).optional(),
  /** Of the larger of both: 0.01 is 1 %. */
  relative: z.number().gt(0).max(1).optional(),
  /** Steps between neighbouring double-precision numbers. */
  ulp: z.int().min(1).max(1_000_000).optional(),
  /** A list whose items may stand in any order. */
  orderFree: pattern,
  /** A list whose items belong together by the value of `key`, a path in the item such as `sku` or `meta/id`; or by several. */
  keyedBy: pattern,
  key: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(8)]).optional(),
  /** Values may differ as long as both are of one form. */
  format: pattern,
  is: z.enum(RULE_FORMATS).optional(),
  /** Of times: they may be so far apart. */
  withinMs: z.int().min(0).optional(),
  /** Prose: at least so many of its words and pairs of words are the same (0 to 1). */
  similar: pattern,
  atLeast: z.number().gt(0).max(1).optional(),
  /** A header whose value is a set: comma-separated, in any order. */
  set: z
    .string()
    .regex(/^header\/[^/]+$/, "must be header/<name>")
    .optional(),
  /** Why; shown beside the hits. */
  because: z.string().max(200).optional(),
};

type Fields = z.infer<z.ZodObject<typeof fields>>;

const article = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** What is wrong with a rule as a whole: each rule says one thing, with the fields that belong to it. */
const faultOf = (rule: Fields): { readonly path: string[]; readonly message: string } | undefined => {
  const said = VERB_NAMES.filter((verb) => rule[verb] !== undefined);
  const [verb, other] = said;
  if (verb === undefined) return { path: [], message: `says nothing: must have one of ${article(VERB_NAMES)}` };
  if (other !== undefined) return { path: [other], message: `must be a rule of its own, beside "${verb}"` };
  const own: readonly string[] = VERBS[verb];
  for (const [owner, names] of Object.entries(VERBS))
    for (const name of names)
      if (rule[name] !== undefined && !own.includes(name))
        return { path: [name], message: `must not stand beside "${verb}": it belongs to "${owner}"` };
  if (verb === "tolerance" && own.every((name) => rule[name as keyof Fields] === undefined))
    return { path: [], message: `must say how much: ${article(own)}` };
  const needed = { keyedBy: "key", format: "is", similar: "atLeast" }[verb as string] as keyof Fields | undefined;
  if (needed !== undefined && rule[needed] === undefined)
    return { path: [needed], message: `is missing beside "${verb}"` };
  if (rule.withinMs !== undefined && rule.is !== "date-time" && rule.is !== "epoch")
    return { path: ["withinMs"], message: "must stand beside is: date-time or is: epoch" };
  return undefined;
};

/** rules.yaml, one entry. */
export const Rule = z.strictObject(fields).check(({ value, issues }) => {
  const fault = faultOf(value);
  if (fault !== undefined) issues.push({ code: "custom", input: value, ...fault });
});
export type Rule = z.infer<typeof Rule>;

export const RulesFile = z.strictObject({ rules: z.array(Rule).max(1_000).default([]) });

/** The rules of one environment; `version` grows by one at every change. */
export const Rules = z.strictObject({ version: z.int().min(0), rules: RulesFile.shape.rules });
export type Rules = z.infer<typeof Rules>;

export const NO_RULES: Rules = { version: 0, rules: [] };

export const verbOf = (rule: Rule): Verb => VERB_NAMES.find((verb) => rule[verb] !== undefined) as Verb;
export const patternOf = (rule: Rule): string => rule[verbOf(rule)] as string;

/** Says the same as another rule exactly where the keys are equal: 12 characters. */
export const ruleKey = ({ because: _, ...rule }: Rule): string =>
  hash("sha256", JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1))), "base64url").slice(0, 12);

/** The rules that change what a comparison finds. What is ignored is left out of what was found, later and exactly. */
export const comparisonRules = ({ rules }: Pick<Rules, "rules">): readonly Rule[] =>
  rules.filter((rule) => rule.ignore === undefined);

/** Names what comparisons find under these rules; "" where no rule changes it. */
export const comparisonKey = (rules: Pick<Rules, "rules">): string => {
  const keys = comparisonRules(rules).map(ruleKey);
  return keys.length === 0 ? "" : hash("sha256", keys.join(), "base64url").slice(0, 12);
};

/** What the rule says of its place, in words: `tolerance: absolute 0.01`. */
export const sayingOf = (rule: Rule): string => {
  const verb = verbOf(rule);
  const parts = VERBS[verb].flatMap((name) => {
    const value = rule[name];
    if (value === undefined) return [];
    return name === "is" || name === "key" ? [[value].flat().join(" + ")] : [`${name} ${String(value)}`];
  });
  return parts.length === 0 ? verb : `${verb}: ${parts.join(", ")}`;
};
