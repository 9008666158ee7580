import { totalOf } from "../noise/totals.ts";
import type { Case } from "./case.ts";
import { sentenceOf } from "./case.ts";
import { driftRemarks, likenessRemarks } from "./drift-words.ts";
import { causesOf } from "./groups.ts";
import { count, MAX_NAMED_PLACES, percent, placesText, some, timeOfDay } from "./sentences.ts";
import { instancePlacesOf } from "./validity.ts";
import type { Finding } from "./verdict.ts";

const MAX_TOLERATED = 10;

type Remark = (it: Case) => readonly string[];

const tolerated: Remark = ({ findings, blocking, settings }) => {
  const known = new Set(blocking.map(({ id }) => id));
  return findings
    .filter(({ confirmed, id }) => confirmed && !known.has(id))
    .slice(0, MAX_TOLERATED)
    .map(
      ({ endpoint, place }) => `${endpoint} ${place}: real, but shown to be rarer than ${percent(settings.tolerance)}`,
    );
};

const unconfirmed: Remark = (it) => {
  const open = it.findings.filter((one) => !one.confirmed && one.note === null && one.count > one.noise);
  return open.slice(0, 3).map((finding) => sentenceOf(finding, it));
};

const withoutControl: Remark = ({ facts, findings, pairs }) => {
  if (facts.control === "control" || pairs === 0) return [];
  const constant = constantPlaces(findings);
  const [none, other] = [
    "No secondary: noise is unknown, so other values cannot be confirmed.",
    "Latency is not judged without a control overlay.",
  ];
  return facts.control === "none" ? [...constant, none, other] : [...constant, other];
};

/** Breaking kinds are left out: a status or a missing field belongs to no instance. */
const constantPlaces = (findings: readonly Finding[]): string[] => {
  const places = findings.filter(({ constantPerLane, breaking }) => constantPerLane && !breaking);
  if (places.length === 0) return [];
  const which = placesText(places.map(({ endpoint, place }) => `${endpoint} ${place}`));
  const verb = places.length === 1 ? "always has one value" : "always have one value each";
  return [
    `${which} ${verb} in each lane: your change, or a value of the instance (host name, start time); a control overlay tells which.`,
  ];
};

const witnesses: Remark = ({ blocking, facts }) =>
  [...new Set(blocking.map(({ endpoint }) => endpoint))].flatMap((endpoint) => {
    const its = facts.endpoints[endpoint];
    if (its?.divergingClusters.length !== 1 || its.clusters.length < 5) return [];
    return [
      `${endpoint}: only one caller of ${count(its.clusters.length)} saw a divergence; it counts as one witness.`,
    ];
  });

const BURST_MS = 60_000;
const MIN_RUN_MS = 10 * BURST_MS;

/** Pairs are witnesses one by one, though a lane that stumbles once makes many: the reader is told where it was once. */
const bursts: Remark = ({ blocking, facts }) => {
  if (facts.lastAt - facts.firstAt < MIN_RUN_MS) return [];
  return causesOf(blocking)
    .filter((cause) => cause.every(({ firstAt, lastAt }) => lastAt - firstAt < BURST_MS))
    .map(([first]) => first!)
    .filter(({ firstAt }) => firstAt < facts.lastAt - MIN_RUN_MS / 2)
    .map(
      ({ endpoint, place, firstAt }) =>
        `${endpoint} ${place}: all within one minute, at ${timeOfDay(firstAt)}, and not since: a stumble of the candidate or of what it needs is one event.`,
    );
};

const limits: Remark = ({ accounting, attempts, facts, settings }) => {
  const { gap } = accounting;
  const remarks: string[] = [];
  if (gap.pairs > 0) remarks.push(`${some(gap.pairs, "sampled request")} lost on the way.`);
  const undecidedPairs = totalOf(facts, "undecided");
  if (undecidedPairs > 0) remarks.push(`${some(undecidedPairs, "comparison")} cut short: counted as diverging.`);
  if (attempts > 1)
    remarks.push(
      `This is attempt ${count(attempts)}: each attempt has its own chance of ${percent(settings.alphaSafe)} of a wrong SAFE.`,
    );
  return remarks;
};

/** Values that show by themselves that they are new with every answer, where no secondary could show it. */
const selfEvident: Remark = ({ findings }) => {
  const noted = findings.filter(({ note }) => note !== null);
  const named = noted.slice(0, MAX_NAMED_PLACES).map(({ endpoint, place, note }) => `${endpoint} ${place} ${note}`);
  const rest = noted.length - named.length;
  if (noted.length === 0) return [];
  return [`Not counted: ${named.join("; ")}${rest > 0 ? `; and ${some(rest, "more place")}` : ""}.`];
};

/** Places at which all three lanes differ, each with one value of its own: they are not taken as masked. */
const instances: Remark = ({ facts }) => {
  const places = instancePlacesOf(facts);
  if (places.length === 0) return [];
  return [`${placesText(places)}: one value for each instance, so a change there would not show.`];
};

const MIN_SILENT_MS = 10_000;

/** Of the candidate: when it came up, and when it went down for good. */
const health: Remark = ({ facts, whole }) => {
  const failed = totalOf(facts, "candidateFailed");
  const cold = totalOf(whole, "candidateFailed") - failed;
  const answered = whole.candidateAnswered;
  if (answered === null) return [];
  const remarks: string[] = [];
  if (cold > 0)
    remarks.push(
      `${some(cold, "request")} came before the candidate's first answer at ${timeOfDay(answered.firstAt)}: left out as its warm-up.`,
    );
  if (failed > 0 && whole.lastAt - answered.lastAt > MIN_SILENT_MS)
    remarks.push(`The candidate was healthy, but has not answered since ${timeOfDay(answered.lastAt)}.`);
  return remarks;
};

/** What facts hold in coarser form, by the cap that it was over. */
const COARSER: Readonly<Record<string, (n: number) => string>> = {
  endpoints: (n) => `${some(n, "pair")} of further endpoints (as {other})`,
  signatures: (n) => `${some(n, "pair")} with further sets of places (as …)`,
  places: (n) => `${some(n, "further place")} (as …)`,
  marks: (n) => `${some(n, "difference")} in answers with too many of them (as …)`,
};

const capped: Remark = ({ facts }) => {
  const coarser = Object.entries(facts.capped).flatMap(([cap, n]) => (n > 0 && COARSER[cap] ? [COARSER[cap](n)] : []));
  return coarser.length === 0 ? [] : [`More than is kept apart, so counted together: ${coarser.join("; ")}.`];
};

/** What a guard could tell of the calls to collaborators. */
const calls: Remark = ({ facts }) => {
  if (facts.calls === undefined) return [];
  const { compared, unknown } = facts.calls;
  const why =
    unknown === 0
      ? ""
      : `, not in ${count(unknown)}: no traceparent (or header that is agreed), calls without it, a lane that failed, or a guard that could not be asked`;
  return [`Outgoing calls were compared in ${some(compared, "pair")}${why}.`];
};

const REMARKS: readonly Remark[] = [
  tolerated,
  unconfirmed,
  driftRemarks,
  likenessRemarks,
  health,
  withoutControl,
  selfEvident,
  instances,
  witnesses,
  bursts,
  limits,
  calls,
  capped,
];
/** What the verdict says beyond its reason, a sentence each. */
export const remarksOf = (it: Case): string[] => REMARKS.flatMap((remark) => remark(it));
