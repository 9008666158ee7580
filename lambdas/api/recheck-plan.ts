import { minuteOf } from "../../adapters/minute.ts";
import { OTHER_PLACE } from "../../core/noise/caps.ts";
import { marksOf } from "../../core/noise/odd.ts";
import { isCandidates } from "../../core/noise/signature.ts";
import type { Fill } from "../../core/recheck/fill.ts";
import type { RecheckedFinding } from "../../core/recheck/recheck.ts";
import { sendableOf } from "../../core/recheck/sendable.ts";
import { NO_TALLY } from "../../core/recheck/tally.ts";
import type { StoredPair } from "../../core/segment/segment.ts";
import { runKey } from "../../core/verdict/tally.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import { sampleSegments } from "./archive-sample.ts";
import type { Call } from "./deps.ts";
import type { ResendLanes } from "./resend-lanes.ts";
import type { ResendTerms } from "./resend-terms.ts";

const LOOK_MS = 6_000;
const MAX_REQUESTS = 100;
const MAX_BYTES = 4_194_304;
/** Of one finding, requests that showed it and were looked at in vain: then it is known why. */
const MAX_UNSENT = 100;
const MAX_NAMED = 20;

interface Wanted {
  readonly findings: readonly Finding[];
  /** Of each finding, at most so many requests. */
  readonly requests: number;
  readonly fill: Fill;
  readonly lanes: ResendLanes;
  readonly terms: ResendTerms;
}

interface Planned {
  readonly pairs: readonly StoredPair[];
  readonly findings: readonly RecheckedFinding[];
}

/** What is known of one finding while the archive is looked through. */
interface Search {
  readonly finding: Finding;
  readonly requests: number[];
  readonly unsent: Map<string, number>;
  readonly missing: Set<string>;
}

/** Chooses stored requests that showed the findings, as few as can be: one that showed several serves them all. */
export const planRecheck = async (
  env: { readonly id: string; readonly run: { readonly id: string } },
  { findings, requests, fill, lanes, terms }: Wanted,
  { ports, now }: Call,
): Promise<Planned> => {
  const end = now() + LOOK_MS;
  const searches = new Map(
    findings
      .filter(isAskable)
      .map((finding): [string, Search] => [
        runKey(finding.endpoint, finding),
        { finding, requests: [], unsent: new Map(), missing: new Set() },
      ]),
  );
  const chosen: StoredPair[] = [];
  const seen = new Map<string, number>();
  let bytes = 0;
  const isFull = (): boolean => chosen.length >= MAX_REQUESTS || bytes >= MAX_BYTES;
  const isWanting = ({ requests: its, unsent }: Search): boolean =>
    its.length < requests && [...unsent.values()].reduce((sum, count) => sum + count, 0) < MAX_UNSENT;
  const look = (pair: StoredPair): void => {
    const { request } = pair;
    const endpoint = terms.naming(pair.endpoint);
    if (request === undefined || !(open.get(endpoint) ?? []).some(isWanting)) return;
    const { marks } = marksOf(pair.primary, pair.candidate, pair.secondary, pair.at, terms.termsOf(pair.endpoint));
    const keys = new Set(marks.filter(isCandidates).map((mark) => runKey(endpoint, mark)));
    const shown = [...keys].flatMap((key) => searches.get(key) ?? []);
    if (!shown.some(isWanting)) return;
    const sendable = sendableOf(request, fill, lanes.noWrites === null);
    if ("because" in sendable) {
      const why = reasonOf(sendable, lanes);
      for (const { unsent, missing } of shown) {
        unsent.set(why, (unsent.get(why) ?? 0) + 1);
        for (const name of sendable.missing) missing.add(name);
      }
      return;
    }
    const content = Buffer.from(request.body.content).toString("latin1");
    const asked = JSON.stringify([request.method, request.target, request.headers, content]);
    const index = seen.get(asked) ?? chosen.length;
    if (index === chosen.length) {
      if (isFull()) return;
      seen.set(asked, index);
      bytes += sizeOf(pair);
      chosen.push(pair);
    }
    for (const its of shown) if (isWanting(its) && !its.requests.includes(index)) its.requests.push(index);
  };
  const open = Map.groupBy(searches.values(), ({ finding }) => finding.endpoint);
  const minutes = findings.flatMap(({ examples }) => examples.map(({ at }) => minuteOf(at)));
  for await (const segment of sampleSegments(ports.archive, env.id, env.run.id, new Set(minutes))) {
    for (const pair of segment.pairs) if (now() < end) look(pair);
    if (isFull() || now() >= end || ![...searches.values()].some(isWanting)) break;
  }
  const none = isFull()
    ? `the ${chosen.length} requests that are sent at most are of other findings: name this one`
    : "no request that showed it is found in the archive: it has expired, or was not reached in the time there is";
  return { pairs: chosen, findings: findings.map((finding) => plannedOf(finding, searches, none)) };
};

const plannedOf = (finding: Finding, searches: ReadonlyMap<string, Search>, none: string): RecheckedFinding => {
  const { id, endpoint, place, kind, count, noise, pairs } = finding;
  const search = searches.get(runKey(endpoint, finding));
  const requests = search?.requests ?? [];
  const because = requests.length > 0 ? null : (whyNotAskable(finding) ?? mostOf(search?.unsent ?? new Map()) ?? none);
  const missing = because === null ? [] : [...(search?.missing ?? [])].slice(0, MAX_NAMED);
  return { id, endpoint, place, kind, count, noise, pairs, requests, because, missing, tally: NO_TALLY, example: null };
};

const isAskable = (finding: Finding): boolean => whyNotAskable(finding) === undefined;

const whyNotAskable = ({ kind, place }: Finding): string | undefined => {
  if (kind === "latency") return "latency shows over many pairs under load, not in a request sent again";
  if (place.startsWith("calls/")) return "outgoing calls are told by the guard, of mirrored requests alone";
  if (place === OTHER_PLACE) return "it stands for many places, over the bound of those that are kept by name";
  return undefined;
};

const mostOf = (unsent: ReadonlyMap<string, number>): string | undefined =>
  [...unsent].sort(([, a], [, b]) => b - a)[0]?.[0];

const reasonOf = (
  { because, missing }: Extract<ReturnType<typeof sendableOf>, { readonly because: string }>,
  { noWrites }: ResendLanes,
): string => {
  if (because === "notStored") return "its request is not stored";
  if (because === "bodyNotStored") return "the body of its request is not stored: it is no text, or too large";
  if (because === "hidden") return `hidden values are not given: ${missing.join(", ")}`;
  return `its method writes, and writes are not sent: ${noWrites}`;
};

const sizeOf = ({ request, primary, candidate, secondary }: StoredPair): number => {
  const lanes = [primary, candidate, secondary].map((lane) =>
    lane?.outcome === "responded" && lane.body.kind === "content" ? lane.body.content.length : 0,
  );
  return lanes.reduce((sum, bytes) => sum + bytes, request?.body.content.length ?? 0);
};
