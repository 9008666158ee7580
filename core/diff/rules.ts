import * as z from "zod";

/** rules.yaml. `place` is a place as findings show it; `*` there stands for one path step, `**` at the end for all below. */
export const Rule = z.strictObject({
  /** Endpoint as findings show it, such as `GET /orders/{id}`; all endpoints where left out. */
  endpoint: z.string().min(1).optional(),
  ignore: z.string().min(1),
  /** Why; shown beside the hits. */
  because: z.string().max(200).optional(),
});
export type Rule = z.infer<typeof Rule>;

export const RulesFile = z.strictObject({ rules: z.array(Rule).max(1_000).default([]) });

/** The rules of one environment; `version` grows by one at every change. */
export const Rules = z.strictObject({ version: z.int().min(0), rules: RulesFile.shape.rules });
export type Rules = z.infer<typeof Rules>;

export const NO_RULES: Rules = { version: 0, rules: [] };
