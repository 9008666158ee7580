import type { Socket } from "node:net";
import { AnswerReader } from "./answer-reader.ts";
import type { CallerParts } from "./caller-parts.ts";
import { Deadline } from "./deadline.ts";
import { openPrimary } from "./primary.ts";
import { type Refusal, refusalAnswer } from "./request-head.ts";
import { type RequestPiece, RequestReader } from "./request-reader.ts";
import { Turn } from "./turn.ts";

/** How long the other side may take to close what the tee has ended. */
const LINGER_MS = 2_000;

const UNREACHABLE: Refusal = { status: 502, why: "the primary is not reachable" };
const CLOSED: Refusal = { status: 502, why: "the primary closed the connection without an answer" };
const UNKNOWN_PROTOCOL: Refusal = { status: 502, why: "the primary switched to a protocol that is not tunnelled" };
const SILENT: Refusal = { status: 504, why: "the primary did not answer in time" };

/** One connection of a caller and the one connection to the primary that belongs to it. Bytes pass as they came. */
export class CallerConnection {
  readonly #caller: Socket;
  readonly #parts: CallerParts;
  readonly #requests: RequestReader;
  readonly #answers = new AnswerReader();
  readonly #address: string;
  #primary: Socket | undefined;
  /** The request under way; the next one waits until it has ended in both directions. */
  #turn: Turn | undefined;
  /** `raw`: bytes only (a tunnel, or an answer that is no HTTP). `over`: closing. */
  #mode: "http" | "raw" | "over" = "http";
  /** Bytes of later requests that came while one is under way (pipelining). */
  #backlog: Buffer[] = [];
  #served = 0;
  #callerEnded = false;
  #awaitsHead = false;
  readonly #deadline = new Deadline();

  constructor(caller: Socket, parts: CallerParts) {
    this.#caller = caller;
    this.#parts = parts;
    this.#requests = new RequestReader(parts.limits);
    this.#address = caller.remoteAddress ?? "";
    caller.on("data", (chunk: Buffer) => this.#fromCaller(chunk));
    caller.on("end", () => this.#callerEnd());
    caller.on("drain", () => this.#primary?.resume());
    caller.on("error", () => {});
    caller.on("close", () => this.#callerGone());
    this.#awaitHead();
  }

  /** No request is under way. */
  get isIdle(): boolean {
    return this.#mode === "http" && this.#turn === undefined;
  }

  destroy(): void {
    this.#caller.destroy();
  }

  #fromCaller(chunk: Buffer): void {
    if (this.#mode === "over") return;
    if (this.#mode === "raw") return this.#toPrimary(chunk);
    if (this.#turn?.requestIsDone) return this.#wait(chunk);
    const piece = this.#requests.read(chunk);
    if (piece.kind === "partial") return this.#awaitHead();
    if (piece.kind === "refused") return this.#badRequest(piece.refusal);
    if (piece.kind === "head") this.#begin(piece);
    else {
      this.#deadline.refresh();
      this.#toPrimary(piece.bytes);
      this.#turn?.exchange?.requestBody(piece.bytes);
    }
    if (piece.done) this.#requestDone(this.#turn!);
    if (piece.rest !== undefined) this.#fromCaller(piece.rest);
  }

  #wait(chunk: Buffer): void {
    this.#backlog.push(chunk);
    this.#caller.pause();
  }

  /** The life of a request: it goes to the primary first; nothing after that line can change what the caller gets. */
  #begin({ head, headBytes, body, bytes }: Extract<RequestPiece, { kind: "head" }>): void {
    const turn = new Turn(head);
    this.#turn = turn;
    this.#awaitsHead = false;
    this.#answers.begin(head.method);
    this.#deadline.set(this.#parts.limits.primaryIdleTimeoutMs, () => this.#primaryFailed(SILENT));
    this.#toPrimary(bytes);
    this.#parts.count("requests");
    turn.exchange = this.#parts.begin(head, headBytes, this.#address);
    if (this.#requests.upgrade) turn.exchange?.end("unsupported");
    if (body !== undefined) turn.exchange?.requestBody(body);
  }

  #requestDone(turn: Turn): void {
    turn.requestIsDone = true;
    turn.exchange?.requestDone();
    if (turn.isDone) this.#turnDone(turn);
  }

  #toPrimary(bytes: Buffer): void {
    this.#primary ??= openPrimary(this.#parts.primary, this.#parts.limits, {
      data: (chunk) => this.#fromPrimary(chunk),
      end: (wasConnected) => this.#primaryEnd(wasConnected),
      drain: () => {
        if (this.#backlog.length === 0) this.#caller.resume();
      },
    });
    if (!this.#primary.write(bytes)) this.#caller.pause();
  }

  #fromPrimary(chunk: Buffer): void {
    const turn = this.#turn;
    if (this.#mode === "over") return;
    if (this.#mode === "raw" || turn === undefined || turn.answerIsDone) return this.#passRaw(chunk);
    this.#deadline.refresh();
    const pieces = this.#answers.read(chunk);
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done) {
        if (piece.value.invalid) this.#parts.count("primaryInvalid");
        if (piece.value.rest.length > 0) this.#passRaw(piece.value.rest);
        return;
      }
      const { bytes, status, ends } = piece.value;
      if (status === 101 && !turn.head.webSocket) return this.#brokenOff(UNKNOWN_PROTOCOL);
      turn.answerHasBegun = true;
      this.#toCaller(turn.passage.pass(bytes, status, this.#parts.isDraining()));
      turn.exchange?.primaryBytes(bytes);
      if (ends === "interim") turn.exchange?.interimDone();
      if (ends === "answer" && status === 101) this.#tunnel();
      else if (ends === "answer") this.#answerDone(turn);
    }
  }

  #toCaller(bytes: Buffer): void {
    if (!this.#caller.write(bytes)) this.#primary?.pause();
  }

  #answerDone(turn: Turn): void {
    turn.answerIsDone = true;
    turn.exchange?.primaryDone();
    if (turn.isDone) this.#turnDone(turn);
  }

  /** Both directions have ended: the connection is free for the next request, or it closes. */
  #turnDone(turn: Turn): void {
    this.#turn = undefined;
    this.#served++;
    this.#deadline.clear();
    const mayGoOn = this.#answers.keepAlive && this.#requests.keepAlive && !turn.passage.closes;
    if (!mayGoOn || this.#callerEnded) return this.#end();
    this.#requests.next();
    for (const chunk of this.#backlog.splice(0)) this.#fromCaller(chunk);
    if (this.#backlog.length === 0) this.#caller.resume();
  }

  /** Bytes that are no answer to a request pass as they are until the primary closes. */
  #passRaw(bytes: Buffer): void {
    this.#turn?.exchange?.end("primaryFailed");
    this.#mode = "raw";
    this.#deadline.clear();
    this.#toCaller(bytes);
  }

  #tunnel(): void {
    this.#parts.count("tunnelled");
    this.#mode = "raw";
    this.#deadline.clear();
    for (const chunk of this.#backlog.splice(0)) this.#toPrimary(chunk);
    this.#caller.resume();
  }

  #callerEnd(): void {
    this.#callerEnded = true;
    if (this.#primary === undefined || this.#awaitsHead) return this.destroy();
    this.#primary.end();
  }

  #callerGone(): void {
    if (this.#turn !== undefined && this.#mode === "http") {
      this.#parts.count("aborted");
      this.#turn.exchange?.end("abortedByCaller");
    }
    this.#mode = "over";
    this.#deadline.clear();
    this.#primary?.destroy();
    this.#requests.free();
    this.#answers.free();
    this.#parts.closed();
  }

  /** The primary sends nothing more. */
  #primaryEnd(wasConnected: boolean): void {
    if (this.#mode === "over") return;
    if (this.#mode === "raw") return void this.#caller.end();
    const turn = this.#turn;
    if (turn === undefined) return this.#end();
    if (!turn.answerIsDone && this.#answers.isWholeAtEnd()) this.#answerDone(turn);
    if (turn.isDone) return this.#end();
    if (turn.answerIsDone) return this.#brokenOff(undefined); // Answered early: the rest of the request has nowhere to go.
    // On a kept connection the caller must see the close itself: it may have crossed the request, which is then safe to repeat.
    this.#primaryFailed(this.#served > 0 ? undefined : wasConnected ? CLOSED : UNREACHABLE);
  }

  #primaryFailed(refusal: Refusal | undefined): void {
    this.#parts.count("primaryFailed");
    this.#brokenOff(refusal);
  }

  #badRequest(refusal: Refusal): void {
    this.#turn?.exchange?.end("abortedByCaller");
    if (this.#turn?.answerHasBegun) return this.destroy();
    this.#refuse(refusal);
  }

  /** No whole answer: the tee gives its own only where nothing was said yet. */
  #brokenOff(refusal: Refusal | undefined): void {
    this.#turn?.exchange?.end("primaryFailed");
    if (refusal === undefined || this.#turn?.answerHasBegun) return this.#end();
    this.#refuse(refusal);
  }

  #refuse(refusal: Refusal): void {
    if (this.#mode === "over") return;
    this.#parts.count("refused");
    this.#caller.write(refusalAnswer(refusal), "latin1");
    this.#primary?.destroy();
    this.#end();
  }

  /** Ends both sides. What the caller still sends is read and dropped, so that the answer is not lost to a reset (RFC 9112 9.6). */
  #end(): void {
    if (this.#mode === "over") return;
    this.#mode = "over";
    this.#backlog = [];
    this.#caller.end();
    this.#caller.resume();
    this.#primary?.end();
    this.#deadline.set(LINGER_MS, () => this.#caller.destroy());
  }

  /** From the first byte of a head, or from connecting, to its last there is one deadline, however slowly bytes drip. */
  #awaitHead(): void {
    if (this.#awaitsHead) return;
    this.#awaitsHead = true;
    this.#deadline.set(this.#parts.limits.headTimeoutMs, () =>
      this.#refuse({ status: 408, why: "no whole head in time" }),
    );
  }
}
