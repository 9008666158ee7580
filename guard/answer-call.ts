import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeaderList } from "../core/capture/capture.ts";
import { headerValue } from "../core/capture/head.ts";
import { type CallKey, callIdOf } from "../core/sampling/call-id.ts";
import type { CannedAnswer, Collaborator } from "../core/sampling/collaborators.ts";
import type { CallDecision, DecideCall, Way } from "../core/sampling/decide-call.ts";
import type { CallBook, HeardAnswer, HeardCall } from "./call-book.ts";
import type { CallCounts } from "./counters.ts";
import { HeardBody } from "./heard-body.ts";
import { headersOf, onwards } from "./hop.ts";
import type { GuardLimits } from "./limits.ts";
import type { Passage } from "./pass.ts";
import { problemOf, type Refusal, type Refused } from "./refusals.ts";

/** A collaborator as calls of the overlay are answered. */
export interface Guarded {
  readonly name: string;
  readonly mode: Collaborator["mode"];
  readonly decide: DecideCall;
  readonly passage: Passage;
  readonly counts: CallCounts;
  /** The baseline's calls are heard as well: only then is there something to compare. */
  readonly isObserved: boolean;
  readonly book: CallBook;
  readonly key: CallKey;
  readonly limits: GuardLimits;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly id: string | undefined;
}

/** Answers one call of the overlay; a fault of its own connection ends it, and is nobody else's. */
export const answerCall = async (
  guarded: Guarded,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<void> => {
  const headers = headersOf(request.rawHeaders);
  const id = callIdOf(guarded.key, (name) => headerValue(headers, name));
  const call = { request, response, method: request.method ?? "GET", target, headers, id };
  const decision = guarded.decide(call);
  const [first] = decision.ways;
  if (first === "pass") return passStreaming(call, guarded);
  const heard = await readWhole(call, guarded);
  if (heard === undefined) return;
  for (const way of decision.ways) if (await BY_WAY[way](call, heard, decision, guarded)) return;
  refuse(call, guarded, decision.isSafe || guarded.mode === "replace" ? "no-answer" : "write");
};

type Answer = (call: Call, heard: HeardCall, decision: CallDecision, guarded: Guarded) => Promise<boolean>;

const BY_WAY: Readonly<Record<Way, Answer>> = {
  async recorded(call, heard, _decision, guarded) {
    const answer = call.id === undefined ? undefined : await guarded.book.recorded(call.id, heard);
    if (answer === undefined) return false;
    giveAgain(call, answer);
    guarded.counts.answered.recorded++;
    return true;
  },
  async pass(call, heard, _decision, guarded) {
    if (heard.bytes > heard.body.length) refuse(call, guarded, "too-large");
    else await passOn(call, heard.body, guarded);
    return true;
  },
  async stub(call, _heard, { stub }, { counts }) {
    if (stub === undefined) return false;
    giveCanned(call, stub);
    counts.answered.stub++;
    return true;
  },
};

const heardOf = ({ method, target, headers }: Call, to: string, body: HeardBody): HeardCall => ({
  to,
  method,
  target,
  type: headerValue(headers, "content-type") ?? "",
  ...body.end(),
});

const note = ({ id }: Call, heard: HeardCall, { book, isObserved }: Guarded): void => {
  if (isObserved) book.note("candidate", id, heard);
};

/** Undefined where the call went away before its body was whole. */
const readWhole = (call: Call, guarded: Guarded): Promise<HeardCall | undefined> =>
  new Promise((resolve) => {
    const { request } = call;
    const body = new HeardBody(guarded.limits.maxCallBodyBytes);
    request.on("data", (chunk: Buffer) => body.add(chunk));
    request.on("error", () => {});
    request.once("end", () => {
      const heard = heardOf(call, guarded.name, body);
      note(call, heard, guarded);
      resolve(heard);
    });
    request.once("close", () => resolve(undefined));
  });

const passStreaming = async (call: Call, guarded: Guarded): Promise<void> => {
  const { request } = call;
  const body = new HeardBody(guarded.limits.maxCallBodyBytes);
  request.on("data", (chunk: Buffer) => body.add(chunk));
  request.on("error", () => {});
  request.once("end", () => note(call, heardOf(call, guarded.name, body), guarded));
  await passOn(call, undefined, guarded);
};

const passOn = async (call: Call, body: Buffer | undefined, guarded: Guarded): Promise<void> => {
  const { request, response, target } = call;
  const end = await guarded.passage.pass({ request, response, body, target });
  if (end === "passed") guarded.counts.answered.passed++;
  else if (end === "cut") guarded.counts.cut++;
  else if (!response.destroyed) refuse(call, guarded, end);
};

/** As the collaborator answered the baseline, but for what belonged to its connection. */
const giveAgain = ({ request, response }: Call, { status, headers, body }: HeardAnswer): void => {
  const fields = onwards(headers).filter(([name]) => name.toLowerCase() !== "content-length");
  const isHead = request.method === "HEAD";
  const length = isHead ? headers.filter(([name]) => name.toLowerCase() === "content-length") : lengthOf(status, body);
  response.sendDate = false;
  response.writeHead(status, [...fields, ...length, ["x-shadowgraph-guard", "recorded"]].flat());
  response.end(isHead ? undefined : body);
};

const lengthOf = (status: number, body: Buffer): HeaderList =>
  status === 204 || status === 304 ? [] : [["content-length", String(body.length)]];

const giveCanned = ({ request, response }: Call, { status, headers, json, text }: CannedAnswer): void => {
  const body = json === undefined ? text : JSON.stringify(json);
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  const type =
    body === undefined || hasType ? {} : { "content-type": json === undefined ? "text/plain" : "application/json" };
  const length = status === 204 || status === 304 ? {} : { "content-length": String(Buffer.byteLength(body ?? "")) };
  response.writeHead(status, { ...type, ...headers, ...length, "x-shadowgraph-guard": "stub" });
  response.end(request.method === "HEAD" ? undefined : body);
};

const refuse = ({ response, method, target }: Call, { name, mode, counts }: Guarded, because: Refusal): void => {
  counts.refuse(because);
  sendRefusal(response, { because, collaborator: name, method, next: nextOf(because, { name, mode }, method, target) });
};

export const sendRefusal = (response: ServerResponse, refused: Refused): void => {
  if (response.headersSent) return void response.destroy();
  const { status, headers, body } = problemOf(refused);
  response.writeHead(status, headers).end(response.req.method === "HEAD" ? undefined : body);
};

const nextOf = (
  because: Refusal,
  { name, mode }: Pick<Guarded, "name" | "mode">,
  method: string,
  target: string,
): string => {
  const route = `${method} ${target.replace(/[?#].*$/s, "").slice(0, 300)}`;
  const at = `collaborators.${name}`;
  if (because === "write") {
    const why =
      mode === "mirror"
        ? "The baseline made no such call in this request."
        : "It could change what the baseline works with.";
    const instead = mode === "mirror" ? "" : ", or mode mirror";
    return `${why} Let it pass: ${at}.allow: ["${route}"]; or have it answered: ${at}.answers, openapi or file${instead}.`;
  }
  if (because === "no-answer")
    return `Give one for "${route}": ${at}.answers, openapi or file; or choose another mode than replace.`;
  if (because === "too-large") return `With mode mirror a body has at most MAX_CALL_BODY_BYTES.`;
  if (because === "unreachable") return `Look at whether the guard reaches ${at}.url.`;
  return `Look at ${at}.url, or raise ANSWER_TIMEOUT_MS.`;
};
