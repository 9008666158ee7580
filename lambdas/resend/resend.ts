import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResendTask, Resent } from "../../adapters/resender.ts";
import { createKeyedHash } from "../../core/capture/keyed-hash.ts";
import { createRedactor, type Redactor } from "../../core/capture/redact.ts";
import { noOutcomes } from "../../core/pair/outcome.ts";
import { createClusterOf } from "../../core/segment/cluster.ts";
import { encodeSegment } from "../../core/segment/codec.ts";
import type { StoreOptions } from "../../core/segment/safe-body.ts";
import type { StoredPair } from "../../core/segment/segment.ts";
import { storePair } from "../../core/segment/stub.ts";
import { marksWith } from "../../proxy/marks.ts";
import { type Asked, type AskedLane, createLane } from "./ask.ts";

const MAX_STORED_BODY_BYTES = 65_536;
const MAX_DECODED_BYTES = 4_194_304;
/** A shorter text says nothing by being there, and would be hidden everywhere. */
const MIN_HIDDEN_CHARS = 4;

type Ended = { readonly pair: StoredPair } | Resent["unanswered"][number];

/**
 * Asks the candidate once and the control twice, each request at its time: what the control does not answer the same twice is noise.
 * Nothing that was hidden, and nothing that a tee would hide, is in what comes back.
 */
export const resend = async (task: ResendTask, markKey?: string, now: () => number = Date.now): Promise<Resent> => {
  const issuer = `resend-${randomBytes(6).toString("hex")}`;
  const marks = marksWith(markKey, issuer, now);
  const candidate = createLane("candidate", task.candidate, marks);
  const control = createLane("secondary", task.control, marks);
  let copies = 0;
  // Each copy is a request of its own: whoever takes an id once takes it no second time.
  const newId = (): string => `${issuer}-${++copies}`;
  try {
    const startedAt = performance.now();
    const store = storeOptions(task);
    const send = async (request: Asked): Promise<Ended> => {
      await sleep(Math.max(0, request.afterMs - (performance.now() - startedAt)));
      return askAll(request, { candidate, control, newId }, store, now());
    };
    return resentOf(await Promise.all(task.requests.map(send)), now());
  } finally {
    candidate.close();
    control.close();
  }
};

interface Lanes {
  readonly candidate: AskedLane;
  readonly control: AskedLane;
  newId(): string;
}

const askAll = async (
  request: Asked,
  { candidate, control, newId }: Lanes,
  store: StoreOptions,
  at: number,
): Promise<Ended> => {
  const { id, method, target, headers } = request;
  const [changed, first, second] = await Promise.all([
    candidate.ask(request, newId()),
    control.ask(request, newId()),
    control.ask(request, newId()),
  ]);
  if (changed === "tooLarge" || first === "tooLarge" || second === "tooLarge") return { id, because: "tooLarge" };
  // One answer of the control is enough to compare with.
  const [primary, secondary] = first.outcome === "failed" ? [second, first] : [first, second];
  if (primary.outcome === "failed") return { id, because: primary.reason };
  const body = Buffer.from(request.body, "base64");
  const pair = {
    request: { id, at, method, target, headers, body, caller: "" },
    primary,
    candidate: changed,
    secondary,
  };
  return { pair: storePair(pair, store) };
};

const storeOptions = ({ hidden, redact, keepsEqual }: ResendTask): StoreOptions => {
  const key = randomBytes(32);
  const hash = createKeyedHash(key);
  return {
    redactor: withHidden(createRedactor(key, redact), hidden),
    hash,
    clusterOf: createClusterOf(hash),
    maxStoredBodyBytes: MAX_STORED_BODY_BYTES,
    maxDecodedBytes: MAX_DECODED_BYTES,
    keepsEqual,
  };
};

/** Also hides what was filled in, wherever it stands and whatever it is called there. */
const withHidden = (redactor: Redactor, values: readonly string[]): Redactor => {
  const secrets = values
    .flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)])
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())])
    .filter((value) => value.length >= MIN_HIDDEN_CHARS)
    .map((value) => Buffer.from(value, "utf8").toString("latin1"))
    .sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return redactor;
  const anySecret = new RegExp(secrets.map(RegExp.escape).join("|"), "g");
  const hide = (text: string): string => text.replace(anySecret, "~r:s:0000000000000000");
  return {
    headers: (list) => redactor.headers(list.map(([name, value]) => [name, hide(value)] as const)),
    target: (target) => redactor.target(hide(target)),
    endpoint: (method, target) => redactor.endpoint(method, hide(target)),
    body: (content, contentType) => {
      const text = Buffer.from(content).toString("latin1");
      const hiding = hide(text);
      return redactor.body(hiding === text ? content : Buffer.from(hiding, "latin1"), contentType);
    },
  };
};

const resentOf = (ended: readonly Ended[], at: number): Resent => {
  const pairs = ended.flatMap((one) => ("pair" in one ? [one.pair] : []));
  const segment = encodeSegment({
    id: "resent",
    env: "resent",
    run: "resent",
    stamp: { tee: "resent", epoch: "0", seq: 0 },
    openedAt: pairs.reduce((first, pair) => Math.min(first, pair.at), at),
    closedAt: at,
    control: "baseline",
    outcomes: { ...noOutcomes(), sampled: pairs.length, compared: pairs.length },
    pairs,
  });
  const unanswered = ended.flatMap((one) => ("pair" in one ? [] : [one]));
  return { segment: Buffer.from(segment).toString("base64"), unanswered };
};
