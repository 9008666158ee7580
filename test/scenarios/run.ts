import type { Capture } from "../../core/capture/capture.ts";
import { createKeyedHash } from "../../core/capture/keyed-hash.ts";
import { requestOf, respondedOf } from "../../core/capture/message.ts";
import { createRedactor } from "../../core/capture/redact.ts";
import { createRulesOf } from "../../core/diff/allowed.ts";
import { createSchemasOf } from "../../core/diff/schemas.ts";
import { createNaming } from "../../core/endpoints/naming.ts";
import { routesIn } from "../../core/endpoints/openapi.ts";
import { schemasIn } from "../../core/endpoints/response-schemas.ts";
import { withoutIgnored } from "../../core/noise/apply.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import { foldByMinute } from "../../core/noise/merge.ts";
import { noOutcomes, type OutcomeCounts } from "../../core/pair/outcome.ts";
import { createClusterOf } from "../../core/segment/cluster.ts";
import { decodeSegment, encodeSegment } from "../../core/segment/codec.ts";
import type { StoreOptions } from "../../core/segment/safe-body.ts";
import type { Segment, StoredPair } from "../../core/segment/segment.ts";
import { storePair } from "../../core/segment/stub.ts";
import { accountingOf } from "../../core/verdict/accounting.ts";
import { type Judged, judge } from "../../core/verdict/judge.ts";
import type { Exchange, Reply } from "./exchanges.ts";
import { generate } from "./generate.ts";
import { replay } from "./replay.ts";
import type { Scenario } from "./scenario.ts";

const PAIRS_A_SEGMENT = 64;
const MINUTE_MS = 60_000;
/** Long enough after the run for what is lost to be known as lost. */
const LATER_MS = 120_000;

export const exchangesOf = (scenario: Scenario): Iterable<Exchange> =>
  scenario.recording === undefined ? generate(scenario) : replay(scenario);

const storeOptions = (): StoreOptions => {
  const key = Buffer.from("the key of all scenarios");
  const hash = createKeyedHash(key);
  return {
    redactor: createRedactor(key),
    hash,
    clusterOf: createClusterOf(hash),
    maxStoredBodyBytes: 131_072,
    maxDecodedBytes: 4_194_304,
  };
};

const captureOf = (reply: Reply): Capture =>
  "fails" in reply ? { outcome: "failed", reason: reply.fails, ms: reply.ms } : respondedOf(reply.raw, reply.ms);

/** What the tee does: undefined where the primary failed, for then there is no pair. */
const pairOf = (
  { at, caller, request, replies }: Exchange,
  id: string,
  options: StoreOptions,
): StoredPair | undefined => {
  const primary = captureOf(replies.primary!);
  if (primary.outcome === "failed") return undefined;
  const lanes = { primary, candidate: captureOf(replies.candidate!) };
  const control = replies.secondary === undefined ? {} : { secondary: captureOf(replies.secondary) };
  return storePair({ request: requestOf(request, { id, at, caller }), ...lanes, ...control }, options);
};

interface Traffic {
  /** Those that arrived. */
  readonly segments: readonly Segment[];
  readonly outcomes: OutcomeCounts;
  readonly endedAt: number;
}

const trafficOf = (scenario: Scenario): Traffic => {
  const { lostSegments = [], killedWith = 0, shedMemory = 0, tooLarge = 0, undelivered = 0 } = scenario.tee;
  const drops = { shedMemory, tooLarge, undelivered };
  const options = storeOptions();
  const segments: Segment[] = [];
  let outcomes: OutcomeCounts = { ...noOutcomes(), ...drops, sampled: shedMemory + tooLarge + undelivered };
  let pairs: StoredPair[] = [];
  const close = () => {
    const [first, last] = [pairs[0], pairs.at(-1)];
    if (first === undefined || last === undefined) return;
    const seq = segments.length;
    const stamp = { tee: "tee", epoch: "1", seq };
    const times = { openedAt: first.at, closedAt: last.at };
    segments.push({
      id: `tee.1.run.${seq}`,
      env: "env",
      run: "run",
      stamp,
      ...times,
      control: scenario.lanes,
      outcomes,
      pairs,
    });
    pairs = [];
  };
  let number = 0;
  for (const exchange of exchangesOf(scenario)) {
    const pair = pairOf(exchange, `tee-1-${number++}`, options);
    const outcome =
      pair === undefined ? "primaryFailed" : pair.candidate.outcome === "failed" ? "candidateFailed" : "compared";
    outcomes = { ...outcomes, sampled: outcomes.sampled + 1, [outcome]: outcomes[outcome] + 1 };
    if (pair !== undefined) pairs.push(pair);
    if (pairs.length === PAIRS_A_SEGMENT) close();
  }
  close();
  const endedAt = Math.max(0, ...segments.map(({ closedAt }) => closedAt));
  const arrived = segments.filter(({ stamp }) => !lostSegments.includes(stamp.seq));
  return { segments: arrived, outcomes: { ...outcomes, sampled: outcomes.sampled + killedWith }, endedAt };
};

/** What diff-pairs and judge do: facts of each segment, minutes, the run. */
const foldedFacts = (segments: readonly Segment[], { rules, openapi }: Scenario): Facts => {
  const minutes = Map.groupBy(segments, ({ openedAt }) => Math.floor(openedAt / MINUTE_MS));
  const rulesOf = createRulesOf({ rules });
  const naming = createNaming({ routes: openapi === undefined ? [] : routesIn(openapi), isWhole: false });
  const schemasOf = createSchemasOf(openapi === undefined ? [] : [schemasIn(openapi).found], naming);
  const factsOfSegment = (segment: Segment) => factsOf(decodeSegment(encodeSegment(segment)), rulesOf, schemasOf);
  return foldByMinute([...minutes.values()].map((ofMinute) => ofMinute.map(factsOfSegment)));
};

/** The whole way, from raw bytes to the verdict. */
export const judgeScenario = (scenario: Scenario): Judged => {
  const { segments, outcomes, endedAt } = trafficOf(scenario);
  const facts = foldedFacts(segments, scenario);
  const state = scenario.tee.killedWith === undefined ? ("closed" as const) : ("live" as const);
  const heartbeat = { tee: "tee", epoch: "1", at: endedAt, state, outcomes };
  const accounting = accountingOf(facts.tees, [heartbeat], endedAt + LATER_MS);
  const { facts: judged } = withoutIgnored(facts, { version: 1, rules: scenario.rules });
  return judge({ facts: judged, accounting, settings: scenario.settings, attempts: 1 });
};
