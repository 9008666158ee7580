import type { EndpointFacts, Facts } from "../noise/facts.ts";
import { findingKey } from "../noise/signature.ts";
import { sum } from "../noise/totals.ts";
import { isCandidateApart } from "./tally.ts";
import type { Finding } from "./verdict.ts";

/** So large a part of the pairs that show either of two findings shows both: they come together. */
const MIN_SHARED = 0.9;
/** What is seen in nearly every pair comes together with everything: that says nothing of its cause. */
const MAX_TELLING_SHARE = 0.9;
/** Fewer pairs come together by chance. */
const MIN_PAIRS = 3;

/**
 * One cause, one group. Two findings have a cause in common if they are at the same place in the same kind at several endpoints, or
 * if they come together in the pairs of one endpoint and either not all pairs show them or their places belong together.
 * @param findings most telling first; so are the groups, each led by its first
 */
export const grouped = (findings: readonly Finding[], facts: Facts): Finding[] => {
  const leads = new Map<string, string>();
  const leadOf = (id: string): string => {
    let lead = id;
    for (let next = leads.get(lead); next !== undefined; next = leads.get(lead)) lead = next;
    return lead;
  };
  const rank = new Map(findings.map(({ id }, index) => [id, index]));
  for (const [a, b] of [...acrossEndpoints(findings), ...withinEndpoints(findings, facts)]) {
    const [first, second] = [leadOf(a.id), leadOf(b.id)].sort((x, y) => rank.get(x)! - rank.get(y)!);
    if (first !== second) leads.set(second!, first!);
  }
  return findings
    .map((finding) => ({ ...finding, group: leadOf(finding.id) }))
    .sort((a, b) => rank.get(a.group)! - rank.get(b.group)! || rank.get(a.id)! - rank.get(b.id)!);
};

/** Findings by cause; the first of each is the one that tells most of those that are there. */
export const causesOf = <Member extends Pick<Finding, "group">>(
  findings: readonly Member[],
): readonly (readonly Member[])[] => [...Map.groupBy(findings, ({ group }) => group).values()];

type Link = readonly [Finding, Finding];

const acrossEndpoints = (findings: readonly Finding[]): Link[] =>
  [...Map.groupBy(findings, ({ place, kind }) => findingKey(place, kind)).values()].flatMap(linksToFirst);

const linksToFirst = ([first, ...others]: readonly Finding[]): Link[] => others.map((other) => [first!, other]);

const withinEndpoints = (findings: readonly Finding[], facts: Facts): Link[] =>
  [...Map.groupBy(findings, ({ endpoint }) => endpoint)].flatMap(([endpoint, its]) => {
    const known = facts.endpoints[endpoint];
    return known === undefined ? [] : linksWithin(its, known);
  });

interface Seen {
  readonly finding: Finding;
  /** Pairs by signature. */
  readonly pairs: ReadonlyMap<string, number>;
  readonly total: number;
}

const linksWithin = (findings: readonly Finding[], facts: EndpointFacts): Link[] => {
  const heads: Seen[] = [];
  const links: Link[] = [];
  for (const seen of seenBy(findings, facts)) {
    const head = heads.find((other) => haveOneCause(other, seen, facts.pairs));
    if (head === undefined) heads.push(seen);
    else links.push([head.finding, seen.finding]);
  }
  return links;
};

const seenBy = (findings: readonly Finding[], { signatures }: EndpointFacts): Seen[] => {
  const byKey = new Map(findings.map(({ place, kind }) => [findingKey(place, kind), new Map<string, number>()]));
  for (const [signature, { marks, n }] of Object.entries(signatures))
    for (const mark of marks)
      if (isCandidateApart(mark)) byKey.get(findingKey(mark.place, mark.kind))?.set(signature, n);
  return findings.map((finding) => {
    const pairs = byKey.get(findingKey(finding.place, finding.kind))!;
    return { finding, pairs, total: sum(pairs.values()) };
  });
};

const haveOneCause = (a: Seen, b: Seen, pairs: number): boolean => {
  const [few, many] = a.pairs.size < b.pairs.size ? [a, b] : [b, a];
  const both = sum([...few.pairs].map(([signature, n]) => (many.pairs.has(signature) ? n : 0)));
  const either = a.total + b.total - both;
  if (both < MIN_PAIRS || both < MIN_SHARED * either) return false;
  return either < MAX_TELLING_SHARE * pairs || belongTogether(a.finding, b.finding);
};

/** All of a failed or replaced answer; all headers; a field that has another name; what lies in one part of the body. */
const belongTogether = (a: Finding, b: Finding): boolean => {
  if ([a, b].some(({ kind }) => kind === "status" || kind === "failure")) return true;
  if (a.kind === "header" || b.kind === "header") return a.kind === b.kind;
  if (a.kind === "call" && b.kind === "call") return true;
  if (isBelow(a.place, b.place) || isBelow(b.place, a.place)) return true;
  const [above, other] = [a.place, b.place].map((place) => place.slice(0, place.lastIndexOf("/")));
  if (above !== other) return false;
  return above !== "body" || new Set([a.kind, b.kind, "added", "removed"]).size === 2;
};

const isBelow = (place: string, other: string): boolean => place === other || place.startsWith(`${other}/`);
