import { factsKeyOf } from "../../adapters/judgement.ts";
import { startRecompare } from "../../adapters/recompares.ts";
import { RulesFile } from "../../core/diff/rules.ts";
import { audited } from "./audit.ts";
import type { Call } from "./deps.ts";
import { overlayOf } from "./environments.ts";
import { previewOf } from "./preview.ts";
import { type Reading, read } from "./reading.ts";
import { ById, NOTHING, type Route, route } from "./route.ts";
import { PreviewShape, RulesShape, SuggestionsShape } from "./shapes.ts";
import { suggestionsFor } from "./suggestions.ts";
import { rulesView } from "./views.ts";

export const ruleRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/environments/{id}/rules",
    summary: "Show the rules of an overlay, each with the pairs in which it hit",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: RulesShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id } }, call) => rulesAnswer(await read(id, call), call),
  }),
  route({
    method: "PUT",
    path: "/environments/{id}/rules",
    summary: "Replace the rules of an overlay; what is stored is judged anew, and compared anew where they ask for it",
    params: ById,
    query: NOTHING,
    body: RulesFile,
    status: 200,
    answer: RulesShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ params: { id }, body }, call) => {
      const { rules, recompares } = call.ports;
      const env = (await overlayOf(call.ports.catalog, id)).overlay.id;
      const before = await rules.rules(env);
      const after = { version: before.version + 1, rules: body.rules };
      await audited(call, async (note) => {
        await note(env, "environment.rules", before, after);
        await rules.putRules(env, after);
      });
      // Read again: of a run that began since, some may be compared under the rules before.
      const { run } = (await overlayOf(call.ports.catalog, id)).overlay;
      const key = factsKeyOf(env, run.id, after);
      if (factsKeyOf(env, run.id, before).version !== key.version) await startRecompare(recompares, key, call.now());
      const reading = await read(env, call);
      await logVerdict(reading, call);
      return rulesAnswer(reading, call);
    },
  }),
  route({
    method: "POST",
    path: "/environments/{id}/rules/preview",
    summary: "Say what other rules would change of verdict and findings; nothing is stored",
    params: ById,
    query: NOTHING,
    body: RulesFile,
    status: 200,
    answer: PreviewShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, body }, call) => {
      const { overlay } = await overlayOf(call.ports.catalog, id);
      const preview = await previewOf(overlay, { version: 0, rules: body.rules }, call);
      return { env: overlay.id, run: overlay.run.id, ...preview };
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/rules/suggestions",
    summary: "Suggest rules, each with what was seen that speaks for it; none is applied",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: SuggestionsShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id } }, call) => {
      const reading = await read(id, call);
      const suggestions = await suggestionsFor(reading, call);
      return { env: reading.overlay.id, run: reading.overlay.run.id, suggestions };
    },
  }),
];

/** Judge would only see it at its next turn; until then lists and history would show the verdict under the old rules. */
const logVerdict = async ({ overlay, judgement }: Reading, { ports, now }: Call): Promise<void> => {
  if (judgement.recomparing !== undefined) return;
  const { verdict, reason, pairs } = judgement.verdict;
  await ports.verdicts.append(overlay.id, { at: now(), run: overlay.run.id, verdict, reason, pairs });
};

const rulesAnswer = async ({ overlay, judgement }: Reading, { ports }: Call): Promise<RulesShape> => ({
  env: overlay.id,
  version: (await ports.rules.rules(overlay.id)).version,
  rules: rulesView(judgement),
  verdict: judgement.verdict.verdict,
  reason: judgement.verdict.reason,
  recomparing: judgement.recomparing ?? null,
});
