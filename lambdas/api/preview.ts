import { type Contract, readContract } from "../../adapters/endpoint-map.ts";
import { factsKeyOf, judgedRules, standardOf } from "../../adapters/judgement.ts";
import { minuteOf } from "../../adapters/minute.ts";
import { createRulesOf } from "../../core/diff/allowed.ts";
import type { Rules } from "../../core/diff/rules.ts";
import { createNaming } from "../../core/endpoints/naming.ts";
import { withoutIgnored } from "../../core/noise/apply.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import { foldByMinute } from "../../core/noise/merge.ts";
import { rename, withUnrouted } from "../../core/noise/rename.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import { judge } from "../../core/verdict/judge.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import { sampleSegments } from "./archive-sample.ts";
import type { Call, Judgement } from "./deps.ts";
import type { PreviewShape } from "./shapes.ts";
import { rulesView } from "./views.ts";

/** API Gateway waits 29 s; the listing before and the last segment come on top. */
const COMPARE_MS = 6_000;
const MAX_FINDINGS = 200;

type Preview = Omit<PreviewShape, "env" | "run">;
type Judged = Pick<Judgement, "verdict" | "findings" | "rules">;

/** What other rules would change. Exact where they only ignore otherwise; else from as much of the archive as time allows. */
export const previewOf = async (overlay: Overlay, tried: Rules, call: Call): Promise<Preview> => {
  const { ports, settings, now } = call;
  const present = await ports.rules.rules(overlay.id);
  const judgedUnder = (rules: Rules) => call.readJudgement(ports, overlay, { rules, settings, now: now() });
  const before = await judgedUnder(present);
  const [old, other] = [present, tried].map((rules) => factsKeyOf(overlay.id, overlay.run.id, rules).version);
  if (old === other) return changeOf(before, await judgedUnder(tried), before.verdict.pairs);
  const contract = await readContract(ports, overlay.id);
  const [facts, triedFacts] = await sampleUnder([present, tried], overlay, contract, call);
  const standard = standardOf(overlay, contract.routing.routes, settings);
  const judgeSample = (whole: Facts, rules: Rules): Judged => {
    const applied = withoutIgnored(whole, rules);
    const judged = judge({ facts: applied.facts, accounting: before.accounting, ...standard, ...driftOf(before) });
    return { ...judged, rules: judgedRules(whole, rules, applied.hits) };
  };
  return changeOf(judgeSample(facts, present), judgeSample(triedFacts, tried), before.verdict.pairs);
};

/** Looks are not kept, so what they saw is as it is under any rules. */
const driftOf = ({ drift }: Judgement): Pick<Judgement, "drift"> => (drift === undefined ? {} : { drift });

/** The facts of the same segments, once under each of both rules. */
const sampleUnder = async (
  both: readonly [Rules, Rules],
  { id, run }: Overlay,
  { routing, naming, schemasOf }: Contract,
  { ports, now }: Call,
): Promise<readonly [Facts, Facts]> => {
  const end = now() + COMPARE_MS;
  const learned = createNaming(routing, await ports.endpointMap.learned(id));
  const sides = both.map((rules) => ({ rulesOf: createRulesOf(rules, naming), made: [] as Facts[] }));
  const minutes: number[] = [];
  for await (const segment of sampleSegments(ports.archive, id, run.id)) {
    minutes.push(minuteOf(segment.openedAt));
    for (const { rulesOf, made } of sides) made.push(rename(factsOf(segment, rulesOf, schemasOf), learned));
    if (now() >= end) break;
  }
  const [old, fresh] = sides.map(({ made }) => {
    const byMinute = Map.groupBy(made, (_, index) => minutes[index]);
    return withUnrouted(foldByMinute(byMinute.values()));
  });
  return [old as Facts, fresh as Facts];
};

const changeOf = (before: Judged, after: Judged, stored: number): Preview => {
  const [old, fresh] = [before, after].map(({ findings }) => new Set(findings.map(({ id }) => id)));
  const refs = (findings: readonly Finding[], isMeant: (id: string) => boolean) =>
    findings
      .filter((finding) => isMeant(finding.id))
      .slice(0, MAX_FINDINGS)
      .map(({ id, endpoint, place, kind, count, confirmed }) => ({ id, endpoint, place, kind, count, confirmed }));
  return {
    rules: rulesView(after),
    pairs: after.verdict.pairs,
    stored: Math.max(stored, after.verdict.pairs),
    before: decided(before),
    after: decided(after),
    goes: refs(before.findings, (id) => fresh?.has(id) === false),
    comes: refs(after.findings, (id) => old?.has(id) === false),
    stays: refs(after.findings, (id) => old?.has(id) === true),
  };
};

const decided = ({ verdict: { verdict, reason } }: Judged) => ({ verdict, reason });
