import { bufferOf } from "../capture/buffer.ts";
import type { Capture, HeaderList, RequestCapture, Responded } from "../capture/capture.ts";
import { headerValue } from "../capture/head.ts";
import { areHeadersEqual, type Compared, comparedHeaders, VOLATILE_HEADERS } from "../capture/volatile.ts";
import type { Pair } from "../pair/pair.ts";
import { sessionOf } from "./cluster.ts";
import { type Safe, type StoreOptions, safeBody } from "./safe-body.ts";
import type {
  StoredBody,
  StoredCapture,
  StoredHeaders,
  StoredPair,
  StoredRequest,
  StoredResponded,
} from "./segment.ts";
import { storeCalls } from "./store-calls.ts";

/** Hundredths of a millisecond: finer digits are noise, and cost bytes in each pair. */
const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** The answers of all lanes, or undefined where one failed. */
const answersOf = (mirrored: readonly Capture[]): readonly Responded[] | undefined =>
  mirrored.every((capture) => capture.outcome === "responded") ? mirrored : undefined;

/** Of one triple, two lanes mostly have the same body: it is redacted once. */
const isSameContent = (primary: Responded, lane: Responded): boolean =>
  lane === primary ||
  (bufferOf(primary.body).equals(lane.body) &&
    READ_AS.every((name) => headerValue(primary.headers, name) === headerValue(lane.headers, name)));

/** What decides how the bytes of a body are read. */
const READ_AS = ["content-type", "content-encoding"] as const;

type Bodies = ReadonlyMap<Capture, StoredBody>;

/** Of the lanes that answered. Hashes tell apart what contents cannot, because something was taken away from one of them. */
const storeBodies = (lanes: readonly Responded[], primary: Responded, options: StoreOptions): Bodies => {
  const first = safeBody(primary.body, primary.headers, options);
  const safe = lanes.map((lane) => (isSameContent(primary, lane) ? first : safeBody(lane.body, lane.headers, options)));
  const isWhole = safe.every(({ content, whole }) => content === whole);
  const store = ({ content, cut, whole }: Safe): StoredBody => {
    const body = { kind: "content", bytes: whole.length, content, cut } as const;
    return isWhole ? body : { ...body, hash: options.hash(whole) };
  };
  const stored = store(first);
  return new Map(lanes.map((lane, index) => [lane, safe[index] === first ? stored : store(safe[index]!)]));
};

const storeRequest = (request: RequestCapture, options: StoreOptions): StoredRequest => {
  const { content, cut, whole } = safeBody(request.body, request.headers, options);
  return {
    method: request.method,
    target: options.redactor.target(request.target),
    headers: options.redactor.headers(request.headers.filter(([name]) => !VOLATILE_HEADERS.has(name.toLowerCase()))),
    body: { content, bytes: whole.length, cut },
  };
};

const EQUAL: StoredHeaders = { kind: "equal" };

/** How one lane's capture is stored. Bodies and headers of all lanes are stubs, or those of none are. */
interface Stubs {
  readonly body: StoredBody | undefined;
  readonly hasEqualHeaders: boolean;
  /** Status, headers and body: there is nothing to show. */
  readonly isEqual: boolean;
  readonly compared: Compared;
}

const storeHeaders = (headers: HeaderList, { hasEqualHeaders, compared }: Stubs, options: StoreOptions) => {
  const list = hasEqualHeaders
    ? headers.filter(([name]) => !compared.hasEqualBodies && name.toLowerCase() === "content-type")
    : comparedHeaders(headers, compared);
  return hasEqualHeaders && list.length === 0 ? EQUAL : { kind: "list" as const, list: options.redactor.headers(list) };
};

const storeResponded = (lane: Responded, stubs: Stubs, bodies: Bodies, options: StoreOptions): StoredResponded => ({
  outcome: "responded",
  status: lane.status,
  headers: storeHeaders(lane.headers, stubs, options),
  body: stubs.body ?? bodies.get(lane)!,
  ms: rounded(lane.ms),
});

const stubsOf = (
  { request, primary }: Pair,
  answers: readonly Responded[] | undefined,
  { keepsEqual = false }: StoreOptions,
): Stubs => {
  const isHead = request.method === "HEAD";
  if (answers === undefined)
    return { body: undefined, hasEqualHeaders: false, isEqual: false, compared: { isHead, hasEqualBodies: false } };
  const body = bufferOf(primary.body);
  const hasEqualBodies = answers.every((answer) => body.equals(answer.body));
  const compared = { isHead, hasEqualBodies };
  const hasEqualHeaders = answers.every((answer) => areHeadersEqual(primary.headers, answer.headers, compared));
  if (keepsEqual) return { body: undefined, hasEqualHeaders: false, isEqual: false, compared };
  return {
    body: hasEqualBodies ? { kind: "equal", bytes: primary.body.length } : undefined,
    hasEqualHeaders,
    isEqual: hasEqualBodies && hasEqualHeaders && answers.every(({ status }) => status === primary.status),
    compared,
  };
};

/**
 * Makes a pair fit to leave the process, at a cost that grows with divergence: what is equal in all lanes becomes a stub, the rest is
 * decoded, redacted and cut, and the request is kept only beside a difference. Contents may be views of the captures' bytes: write the
 * pair before those are used again.
 */
export const storePair = (pair: Pair, options: StoreOptions): StoredPair => {
  const { request, primary, candidate, secondary } = pair;
  const answers = answersOf(secondary === undefined ? [candidate] : [candidate, secondary]);
  const stubs = stubsOf(pair, answers, options);
  const calls = pair.calls && storeCalls(pair.calls, options);
  const endpoint = options.redactor.endpoint(request.method, request.target);
  const session = sessionOf((name) => headerValue(request.headers, name)) ?? request.caller;
  const answered = [primary, candidate, secondary].filter((lane) => lane?.outcome === "responded");
  const bodies: Bodies = stubs.body === undefined ? storeBodies(answered, primary, options) : new Map();
  const store = (lane: Capture): StoredCapture =>
    lane.outcome === "failed" ? { ...lane, ms: rounded(lane.ms) } : storeResponded(lane, stubs, bodies, options);
  return {
    id: request.id,
    at: request.at,
    endpoint,
    cluster: options.clusterOf(session, endpoint),
    ...(stubs.isEqual && calls === undefined ? {} : { request: storeRequest(request, options) }),
    primary: storeResponded(primary, stubs, bodies, options),
    candidate: store(candidate),
    ...(secondary === undefined ? {} : { secondary: store(secondary) }),
    ...(calls === undefined ? {} : { calls }),
  };
};
