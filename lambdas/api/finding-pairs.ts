import { setImmediate as nextTurn } from "node:timers/promises";
import { readContract } from "../../adapters/endpoint-map.ts";
import { minuteOf } from "../../adapters/minute.ts";
import { createRulesOf } from "../../core/diff/allowed.ts";
import { isIgnored } from "../../core/diff/ignore.ts";
import { createNaming } from "../../core/endpoints/naming.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { type Marks, marksOf } from "../../core/noise/odd.ts";
import { isCandidates } from "../../core/noise/signature.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import type { Segment, StoredPair } from "../../core/segment/segment.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import type { Call } from "./deps.ts";
import { pairView } from "./pair-view.ts";
import type { FindingPairsShape } from "./shapes-pairs.ts";

/** API Gateway waits 29 s; the listing before and the last object come on top. */
const SEARCH_MS = 6_000;
/** Lambda answers with 6 MB at most, and a pair holds six bodies of up to 128 KiB that JSON may write twice as long. */
const MAX_TEXT_CHARS = 2_000_000;

/** Behind the archive object `after`, in the next one behind so many segments, and in that behind so many pairs that show the finding. */
interface Cursor {
  readonly after: string;
  readonly segments: number;
  readonly skip: number;
}

interface Asked {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Stored pairs that show a finding, the earliest first: as many as are asked for, or as are found in time. */
export const findingPairs = async (
  overlay: Overlay,
  finding: Finding,
  { limit, cursor }: Asked,
  call: Call,
): Promise<Pick<FindingPairsShape, "pairs" | "next" | "searched">> => {
  const { now } = call;
  const end = now() + SEARCH_MS;
  const look = await lookFor(overlay, finding, call);
  const begin = parseCursor(cursor);
  const pairs: FindingPairsShape["pairs"] = [];
  let [searched, chars] = [0, 0];
  for await (const { segment, at } of segmentsFrom(overlay, finding, begin, call)) {
    let shown = 0;
    for (const pair of segment.pairs) {
      searched += 1;
      const found = look(pair);
      if (found === undefined || shown++ < at.skip) continue;
      if (pairs.length >= limit || chars >= MAX_TEXT_CHARS)
        return { pairs, searched, next: cursorText({ ...at, skip: shown - 1 }) };
      const view = pairView(pair, found);
      chars += textChars(view);
      pairs.push(view);
    }
    // At least one segment is done, so whoever goes on comes to an end.
    if (now() >= end) return { pairs, searched, next: cursorText({ ...at, segments: at.segments + 1, skip: 0 }) };
    // Comparing takes long: in between, others have their turn.
    await nextTurn();
  }
  return { pairs, searched, next: null };
};

/** Each segment once from the minute on in which the finding was first seen, with where it lies. */
async function* segmentsFrom(
  { id, run }: Overlay,
  { firstAt }: Finding,
  begin: Cursor,
  { ports }: Call,
): AsyncIterable<{ readonly segment: Segment; readonly at: Cursor }> {
  const first = minuteOf(firstAt);
  const seen = new Set<string>();
  let at = begin;
  for await (const { key, minute } of ports.archive.objects(id, run.id, begin.after || undefined)) {
    if (minute < first) continue;
    let passed = 0;
    for (const segment of await ports.archive.segments(key)) {
      if (passed++ < at.segments || seen.has(segment.id)) continue;
      seen.add(segment.id);
      yield { segment, at: { ...at, segments: passed - 1 } };
      at = { ...at, skip: 0 };
    }
    at = { after: key, segments: 0, skip: 0 };
  }
}

/** Where the answers of a pair differ; undefined where they do not show the finding. */
const lookFor = async (
  overlay: Overlay,
  { endpoint, place, kind }: Finding,
  { ports }: Call,
): Promise<(pair: StoredPair) => Marks | undefined> => {
  const [contract, learned, rules] = await Promise.all([
    readContract(ports, overlay.id),
    ports.endpointMap.learned(overlay.id),
    ports.rules.rules(overlay.id),
  ]);
  const naming = createNaming(contract.routing, learned);
  const rulesOf = createRulesOf(rules, contract.naming);
  return (pair) => {
    if (naming(pair.endpoint) !== endpoint) return undefined;
    const terms = { rules: rulesOf(pair.endpoint), schemas: contract.schemasOf(pair.endpoint) };
    const found = marksOf(pair.primary, pair.candidate, pair.secondary, pair.at, terms, pair.calls);
    if (!found.marks.some((mark) => mark.place === place && mark.kind === kind && isCandidates(mark))) return undefined;
    return { ...found, marks: found.marks.filter((mark) => isIgnored(rules, endpoint, mark.place) === undefined) };
  };
};

const textChars = ({ requestBody, primary, candidate, secondary }: FindingPairsShape["pairs"][number]): number =>
  [requestBody, primary.body, candidate.body, secondary?.body].reduce(
    (sum, body) => sum + (body?.text?.length ?? 0),
    0,
  );

const cursorText = ({ after, segments, skip }: Cursor): string =>
  `${segments}.${skip}.${Buffer.from(after).toString("base64url")}`;

const parseCursor = (text: string | undefined): Cursor => {
  if (text === undefined) return { after: "", segments: 0, skip: 0 };
  const [, segments, skip, after = ""] = /^(\d{1,9})\.(\d{1,9})\.([\w-]*)$/.exec(text) ?? [];
  if (segments !== undefined && skip !== undefined)
    return { after: Buffer.from(after, "base64url").toString(), segments: Number(segments), skip: Number(skip) };
  throw new ShadowgraphError("invalid-input", "the cursor is none of this API", {
    faults: [{ field: "cursor", message: `must be the \`next\` of the answer before; got "${text}"` }],
  });
};
