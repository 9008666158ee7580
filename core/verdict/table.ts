import { totalOf } from "../noise/totals.ts";
import type { Case, Decision } from "./case.ts";
import { forecastOf, sentenceOf } from "./case.ts";
import { uncoveredOf } from "./coverage.ts";
import { driftFaults } from "./drift-words.ts";
import { causesOf } from "./groups.ts";
import { count, duration, percent, some } from "./sentences.ts";
import { faultsOf } from "./validity.ts";

const MAX_SENTENCES = 10;

type Row = (it: Case) => Decision | undefined;

const incomplete: Row = ({ recomparing }) => {
  if (recomparing === undefined) return undefined;
  const { done, total } = recomparing;
  const reason =
    total === 0
      ? "What is stored is about to be compared under the new rules"
      : `${count(done)} of ${some(total, "stored object")} are compared under the new rules`;
  return { verdict: "UNDECIDED", reason, more: ["Next: wait; no new traffic is needed."], needed: null };
};

const invalid: Row = (it) => {
  const [reason, ...more] = [...faultsOf(it.whole, it.accounting, it.settings), ...driftFaults(it)];
  return reason === undefined ? undefined : { verdict: "INVALID", reason, more, needed: null };
};

const regression: Row = (it) => {
  const causes = causesOf(it.blocking).map(([first]) => first!);
  const [worst, ...others] = causes;
  if (worst === undefined) return undefined;
  const more = others.slice(0, MAX_SENTENCES - 1).map((finding) => sentenceOf(finding, it));
  const rest = it.blocking.length - 1 - more.length;
  const which = others.length > more.length ? "" : " of the same causes";
  if (rest > 0) more.push(`And ${some(rest, "more confirmed finding")}${which}.`);
  more.push(
    "Next: look at the examples. Is a change meant, add an ignore rule for its place; otherwise mend the candidate.",
  );
  return { verdict: "REGRESSION", reason: sentenceOf(worst, it), more, needed: null };
};

const safe: Row = ({ safety, facts, settings, pairs, declared }) => {
  if (pairs === 0 || safety.evidence < safety.threshold) return undefined;
  if (uncoveredOf(facts, settings, declared).length > 0) return undefined;
  const { diverging, tested } = safety;
  const reason = `Fewer than ${percent(settings.tolerance)} of requests diverge: ${count(diverging)} of ${some(tested, "pair")} did beyond noise (chance of being wrong at most ${percent(settings.alphaSafe)})`;
  return { verdict: "SAFE", reason, more: [], needed: 0 };
};

const nothingYet = ({ safety, whole }: Case): Decision => {
  const failed = totalOf(whole, "candidateFailed");
  const [reason, next] =
    failed === 0
      ? ["no pairs yet", "Next: send traffic through the tee, and look at whether sampling lets it be mirrored."]
      : [
          `The candidate has not answered yet: it failed on ${some(failed, "request")}`,
          "Next: look at whether it runs and can be reached.",
        ];
  return { verdict: "UNDECIDED", reason, more: [next], needed: safety.needed() };
};

const undecided: Row = (it) => {
  const { facts, settings, pairs, declared } = it;
  if (pairs === 0) return nothingYet(it);
  const uncovered = uncoveredOf(facts, settings, declared);
  const needed = neededOf(
    it,
    uncovered.map((one) => one.pairs),
  );
  const more = uncovered
    .slice(0, MAX_SENTENCES)
    .map(
      ({ endpoint, pairs: has }) =>
        `${endpoint} has ${count(has)} of the ${some(settings.minPairsPerEndpoint, "pair")} it needs`,
    );
  if (uncovered.length > more.length) more.push(`So have ${some(uncovered.length - more.length, "more endpoint")}.`);
  return { verdict: "UNDECIDED", reason: undecidedReason(it, needed, uncovered.length), more, needed };
};

const undecidedReason = (it: Case, needed: number | null, uncovered: number): string => {
  const { safety, settings, ratePerSecond } = it;
  const seconds = forecastOf(needed, ratePerSecond);
  const when = seconds === null ? "" : `, about ${duration(seconds)} at the present traffic`;
  const seen = `${count(safety.diverging)} of ${some(safety.tested, "pair")} diverge`;
  if (needed === null)
    return `Not decided: ${seen}, too many to show fewer than ${percent(settings.tolerance)}. Look at the findings, or allow more by a larger tolerance`;
  if (safety.evidence >= safety.threshold)
    return `Not decided: few enough diverge, but ${some(uncovered, "endpoint")} had too few pairs (about ${some(needed, "more pair")}${when})`;
  return `Not decided: ${seen}; ${some(needed, "more pair")} without another would show fewer than ${percent(settings.tolerance)}${when}`;
};

/** Pairs until the safe test passes and, at the present mix of traffic, each endpoint has its minimum. */
const neededOf = ({ safety, settings, pairs }: Case, short: readonly number[]): number | null => {
  const forSafety = safety.needed();
  if (forSafety === null) return null;
  // Nothing tells how often an endpoint is asked for that was never seen: its minimum is the least.
  const forCoverage = short.map((have) => (settings.minPairsPerEndpoint - have) * (have === 0 ? 1 : pairs / have));
  return Math.ceil(Math.max(forSafety, ...forCoverage));
};

/** The table of docs/verdict.md: the first row that holds. */
const TABLE: readonly Row[] = [incomplete, invalid, regression, safe, undecided];

export const decide = (it: Case): Decision => {
  for (const row of TABLE) {
    const decision = row(it);
    if (decision !== undefined) return decision;
  }
  throw new Error("the last row of the table always holds");
};
