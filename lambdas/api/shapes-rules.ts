import * as z from "zod";
import { KINDS } from "../../core/diff/place.ts";
import { Rule } from "../../core/diff/rules.ts";
import { VERDICTS } from "../../core/verdict/verdict.ts";
import { ExampleShape } from "./shapes-verdict.ts";

/** `hits`: pairs in which it was needed. `note`: that it does nothing, or hides everything. */
export const RuleWithHits = z.strictObject({ ...Rule.shape, hits: z.int(), note: z.string().optional() });

const Decided = z.strictObject({ verdict: z.enum(VERDICTS), reason: z.string() });

export const RulesWithHits = z.strictObject({
  env: z.string(),
  version: z.int(),
  rules: z.array(RuleWithHits),
  /** The verdict under these rules. */
  ...Decided.shape,
  /** Objects of the archive that are compared under these rules, while not all are; null once they are. */
  recomparing: z.strictObject({ done: z.int(), total: z.int() }).nullable(),
});

const FindingUnderRules = z.strictObject({
  id: z.string(),
  endpoint: z.string(),
  place: z.string(),
  kind: z.enum(KINDS),
  count: z.int(),
  confirmed: z.boolean(),
});

export const RulesPreview = z.strictObject({
  env: z.string(),
  run: z.string(),
  rules: z.array(RuleWithHits),
  /** Pairs that were judged under both rules, of those stored: fewer where they must be compared anew. */
  pairs: z.int(),
  stored: z.int(),
  before: Decided,
  after: Decided,
  /** Findings that the rules take away, bring, and leave. */
  goes: z.array(FindingUnderRules),
  comes: z.array(FindingUnderRules),
  stays: z.array(FindingUnderRules),
});

export const RulesSuggested = z.strictObject({
  env: z.string(),
  run: z.string(),
  suggestions: z.array(
    z.strictObject({
      rule: Rule,
      evidence: z.string(),
      warning: z.string().optional(),
      /** In which the place differed. */
      pairs: z.int(),
      examples: z.array(ExampleShape),
    }),
  ),
});
