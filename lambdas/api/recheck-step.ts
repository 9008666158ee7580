import { randomUUID } from "node:crypto";
import { ShadowgraphError } from "../../core/errors.ts";
import { type Marks, marksOf } from "../../core/noise/odd.ts";
import { isCandidates } from "../../core/noise/signature.ts";
import { type Fill, fillIn, type WholeRequest } from "../../core/recheck/fill.ts";
import type { NewDivergence, Recheck, RecheckedFinding } from "../../core/recheck/recheck.ts";
import { type Came, isSameQuestion, withCame } from "../../core/recheck/tally.ts";
import { decodeSegment } from "../../core/segment/codec.ts";
import type { StoredPair } from "../../core/segment/segment.ts";
import { findingId } from "../../core/verdict/findings.ts";
import { runKey } from "../../core/verdict/tally.ts";
import type { Call } from "./deps.ts";
import type { ResendLanes } from "./resend-lanes.ts";
import { taskOf } from "./resend-task.ts";
import type { ResendTerms } from "./resend-terms.ts";

/** What one step sends: its answers, with bodies, fit into one message, and whoever asks waits so long. */
const MAX_SENT = 25;
const SEND_MS = 5_000;
const MAX_NEW = 100;

export const pairsOf = ({ pairs }: Pick<Recheck, "pairs">): readonly StoredPair[] =>
  pairs === "" ? [] : decodeSegment(Buffer.from(pairs, "base64")).pairs;

interface Means {
  readonly lanes: ResendLanes;
  readonly terms: ResendTerms;
  readonly fill: Fill;
}

/** Sends the next requests of a recheck, and counts what came. @throws ShadowgraphError "invalid-input" where a hidden value is not given any more */
export const stepRecheck = async (recheck: Recheck, { lanes, terms, fill }: Means, call: Call): Promise<Recheck> => {
  const { next, rate, requests, times } = recheck;
  const pairs = pairsOf(recheck);
  const left = requests * times - next;
  const count = Math.min(left, MAX_SENT, Math.max(1, Math.floor((rate * SEND_MS) / 1_000)));
  const indices = Array.from({ length: count }, (_, i) => (next + i) % requests);
  const asked = indices.map((index, i) => ({
    // By chance: only the task and its answer know it.
    id: randomUUID(),
    afterMs: (i * 1_000) / rate,
    request: filled(pairs[index] as StoredPair, fill),
  }));
  const resent = await call.resender.send(taskOf(asked, lanes, fill, true));
  const came = new Map(decodeSegment(Buffer.from(resent.segment, "base64")).pairs.map((pair) => [pair.id, pair]));
  let after = recheck;
  for (const [i, index] of indices.entries()) {
    const before = pairs[index] as StoredPair;
    after = counted(after, index, { before, now: came.get(asked[i]?.id ?? ""), terms });
  }
  return { ...after, next: next + count, step: recheck.step + 1 };
};

const filled = ({ request }: StoredPair, fill: Fill): WholeRequest => {
  if (request === undefined) throw new ShadowgraphError("internal", "a pair without a request was chosen to be sent");
  const { request: whole, missing } = fillIn(request, fill);
  if (missing.length === 0) return whole;
  throw new ShadowgraphError("invalid-input", "hidden values that were given before are not given now", {
    faults: missing.map((name) => ({ field: `fill.${name}`, message: "must be given at each step; got nothing" })),
  });
};

interface Repetition {
  /** As it is stored, and as it came now; undefined where the control did not answer. */
  readonly before: StoredPair;
  readonly now: StoredPair | undefined;
  readonly terms: ResendTerms;
}

const counted = (recheck: Recheck, index: number, repetition: Repetition): Recheck => {
  const { before, now, terms } = repetition;
  const endpoint = terms.naming(before.endpoint);
  const marks = now && marksOf(now.primary, now.candidate, now.secondary, now.at, terms.termsOf(before.endpoint));
  const findings = recheck.findings.map((finding) =>
    finding.requests.includes(index) ? withRepetition(finding, repetition, marks) : finding,
  );
  const ids = new Set([...recheck.known, ...recheck.findings.map(({ id }) => id)]);
  const fresh = (marks?.marks ?? []).filter(
    (mark) =>
      isCandidates(mark) &&
      !terms.isIgnored(endpoint, mark.place) &&
      !ids.has(findingId(endpoint, mark.place, mark.kind)),
  );
  const others = fresh.reduce((all, { place, kind }) => withNew(all, { endpoint, place, kind }), recheck.others);
  return { ...recheck, findings, others };
};

const withRepetition = (
  finding: RecheckedFinding,
  repetition: Repetition,
  marks: Marks | undefined,
): RecheckedFinding => {
  const at = marks?.marks.findIndex(
    (mark) => isCandidates(mark) && mark.place === finding.place && mark.kind === finding.kind,
  );
  const shown = at === undefined || at < 0 ? undefined : marks?.values[at];
  const tally = withCame(finding.tally, shown === undefined ? cameOf(finding, repetition, marks) : "shown");
  if (shown === undefined) return { ...finding, tally };
  const { request } = repetition.before;
  const line = `${request?.method} ${request?.target}`;
  return { ...finding, tally, example: { request: line, control: shown.primary, candidate: shown.candidate } };
};

/** Of a repetition that does not show the finding. */
const cameOf = (finding: RecheckedFinding, { before, now }: Repetition, marks: Marks | undefined): Came => {
  if (now === undefined || marks === undefined) return "unanswered";
  if (now.candidate.outcome === "failed" && finding.kind !== "failure") return "unanswered";
  if (marks.undecided !== null && finding.place.startsWith("body")) return "unanswered";
  const { place, kind } = finding;
  if (marks.marks.some((mark) => mark.place === place && mark.kind === kind)) return "noisy";
  return isSameQuestion(before.primary, now.primary, finding) ? "agreed" : "gone";
};

const withNew = (
  all: readonly NewDivergence[],
  { endpoint, place, kind }: Omit<NewDivergence, "count">,
): readonly NewDivergence[] => {
  const isIt = (one: NewDivergence): boolean => runKey(one.endpoint, one) === runKey(endpoint, { place, kind });
  if (all.some(isIt)) return all.map((one) => (isIt(one) ? { ...one, count: one.count + 1 } : one));
  return all.length >= MAX_NEW ? all : [...all, { endpoint, place, kind, count: 1 }];
};
