import type { Mark } from "../../../core/noise/facts.ts";
import { emptyEndpoint, mergeFacts } from "../../../core/noise/merge.ts";
import { signatureKey } from "../../../core/noise/signature.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, factsOf } from "./planted.ts";

const at = (place: string, n: number, odd: Mark["odd"] = "unknown") => {
  const marks: Mark[] = [{ place, kind: "call", odd }];
  const facts = { place, kind: "call" as const, firstAt: 1_000, lastAt: 2_000, constant: null, examples: [] };
  return {
    signature: [signatureKey(marks), { marks, n, places: n }] as const,
    place: [`call ${place}`, facts] as const,
  };
};

const judged = (pairs: number, triples: number, ...seen: ReturnType<typeof at>[]) => {
  const signatures = Object.fromEntries(seen.map(({ signature }) => signature));
  const places = Object.fromEntries(seen.map(({ place }) => place));
  const its = { ...emptyEndpoint(), pairs, triples, signatures, places, clusters: ["c"] };
  const facts = factsOf({}, { control: triples > 0 ? "control" : "none", endpoints: { "GET /a": its } });
  return judge({ facts, accounting: accounted({ sampled: pairs }), settings: DEFAULTS, attempts: 1 });
};

test("without a secondary a call that only the candidate makes is held against those that only the primary makes", () => {
  const { findings, verdict } = judged(1_000, 0, at("calls/extra/payments POST /charges", 12));
  expect(findings).toMatchObject([{ kind: "call", count: 12, noise: 0, confirmed: true, breaking: true }]);
  expect(verdict.verdict).toBe("REGRESSION");
  const both = judged(
    1_000,
    0,
    at("calls/extra/payments POST /charges", 12),
    at("calls/missing/payments POST /charges", 11),
  );
  expect([both.findings, both.verdict.verdict]).toEqual([[], "UNDECIDED"]);
});

test("a read more is no regression where it is rare, a write more is one at any rate", () => {
  const pairs = 200_000;
  const rare = (call: string) =>
    judged(pairs, pairs, at(`calls/extra/payments ${call}`, 20, "candidate")).verdict.verdict;
  expect([rare("GET /rates"), rare("POST /charges")]).toEqual(["SAFE", "REGRESSION"]);
});

test("a value in a call cannot be confirmed without a secondary", () => {
  const [finding] = judged(1_000, 0, at("calls/changed/payments POST /charges/body/amount", 900)).findings;
  expect(finding).toMatchObject({ confirmed: false, breaking: false });
});

test("the verdict says in how many pairs calls were compared, and in how many they could not be", () => {
  const facts = (compared: number, unknown: number) =>
    factsOf({ "GET /a": { pairs: 40 } }, { calls: { compared, unknown } });
  const reasons = (its: ReturnType<typeof facts>) =>
    judge({ facts: its, accounting: accounted({ sampled: 40 }), settings: DEFAULTS, attempts: 1 }).verdict.reasons.join(
      "\n",
    );
  expect(reasons(facts(40, 0))).toContain("Outgoing calls were compared in 40 pairs.");
  expect(reasons(mergeFacts(facts(30, 5), facts(0, 5)))).toContain("compared in 30 pairs, not in 10: no traceparent");
  expect(reasons(factsOf({ "GET /a": { pairs: 40 } }))).not.toContain("Outgoing calls");
});
