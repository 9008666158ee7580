import type { Socket } from "node:net";
import { readingInto } from "./accepted.ts";
import { type AnswerPiece, AnswerReader } from "./answer-reader.ts";
import type { CallerParts } from "./caller-parts.ts";
import { Primary } from "./primary.ts";
import { BODY_LATE, CLOSED, HEAD_LATE, SILENT, UNKNOWN_PROTOCOL, UNREACHABLE } from "./refusals.ts";
import { type Refusal, refusalAnswer } from "./request-head.ts";
import { type RequestPiece, RequestReader } from "./request-reader.ts";
import { type Stage, StageDeadline } from "./stage-deadline.ts";
import { Turn } from "./turn.ts";

/** One connection of a caller and the one connection to the primary that belongs to it. Bytes pass as they came. */
export class CallerConnection {
  readonly #caller: Socket;
  readonly #parts: CallerParts;
  readonly #requests: RequestReader;
  readonly #answers = new AnswerReader();
  #primary: Primary | undefined;
  /** The request under way; the next one waits until it has ended in both directions. */
  #turn: Turn | undefined;
  /** `raw`: the primary sent what is no answer. `over`: closing. */
  #mode: "http" | "tunnel" | "raw" | "over" = "http";
  /** Bytes of later requests that came while one is under way (pipelining). */
  #backlog: Buffer[] = [];
  #served = 0;
  #callerEnded = false;
  readonly #deadline: StageDeadline;

  constructor(accepted: Socket, parts: CallerParts) {
    this.#parts = parts;
    this.#requests = new RequestReader(parts.limits);
    this.#deadline = new StageDeadline(parts, (stage) => this.#late(stage));
    this.#caller = readingInto(accepted, (chunk) => this.#fromCaller(chunk))
      .on("end", () => this.#callerEnd())
      .on("drain", () => this.#primary?.resume())
      .on("close", () => this.#callerGone());
    this.#deadline.awaitHead();
  }

  /** No request is under way, nor the head of one. */
  get isIdle(): boolean {
    return this.#mode === "http" && this.#turn === undefined && !this.#requests.isInHead;
  }

  /** For the end of the process: an end that the caller can see, not a reset. */
  endIdle(): void {
    if (this.isIdle) this.#end();
  }

  destroy(): void {
    this.#caller.destroy();
  }

  #fromCaller(chunk: Buffer): void {
    if (this.#mode === "over") return;
    if (this.#mode === "tunnel") return this.#toPrimary(chunk);
    if (this.#mode === "raw") return this.#toPrimary(this.#requests.pass(chunk, this.#primary!));
    if (this.#turn?.requestIsDone) {
      this.#backlog.push(chunk);
      return void this.#caller.pause();
    }
    const came = performance.now();
    const piece = this.#requests.read(chunk);
    if (piece.kind === "partial") return this.#deadline.awaitHead();
    if (piece.kind === "refused") return this.#badRequest(piece.refusal);
    if (piece.kind === "head") this.#begin(piece, came);
    else {
      this.#deadline.refresh();
      this.#toPrimary(piece.bytes);
      this.#turn?.exchange?.requestBody(piece.bytes);
    }
    if (piece.done) this.#requestDone(this.#turn!);
    if (piece.rest !== undefined) this.#fromCaller(piece.rest);
  }

  /** The life of a request: it goes to the primary first; nothing after that line can change what the caller gets. */
  #begin({ head, headBytes, body, bytes, done }: Extract<RequestPiece, { kind: "head" }>, came: number): void {
    const turn = new Turn(head, came);
    this.#turn = turn;
    this.#answers.begin(head.method);
    this.#deadline.await(done ? "firstByte" : "body");
    this.#toPrimary(this.#parts.passedOn?.(bytes, head) ?? bytes);
    this.#parts.metrics.count("requests");
    turn.exchange = this.#parts.begin(head, headBytes, this.#caller.remoteAddress ?? "");
    if (this.#requests.upgrade) turn.exchange?.end("unsupported");
    if (body !== undefined) turn.exchange?.requestBody(body);
  }

  #requestDone(turn: Turn): void {
    this.#deadline.await(turn.answerHasBegun ? "answer" : "firstByte");
    turn.requestDone();
    if (turn.isDone) this.#turnDone(turn);
  }

  #toPrimary(bytes: Buffer): void {
    this.#primary ??= new Primary(this.#parts, {
      data: (chunk) => this.#fromPrimary(chunk),
      written: () => this.#turn?.hasPassedOn(this.#parts.metrics),
      full: () => this.#caller.pause(),
      drain: () => this.#readOn(),
      end: (wasConnected) => this.#primaryEnd(wasConnected),
    });
    this.#primary.write(bytes);
  }

  #fromPrimary(chunk: Buffer): void {
    const turn = this.#turn;
    if (this.#mode === "over") return;
    if (this.#mode !== "http" || turn === undefined || turn.answerIsDone) return this.#passRaw(chunk);
    const came = performance.now();
    this.#deadline.answerBytes(turn);
    for (let rest = chunk; rest.length > 0; ) {
      const piece = this.#answers.read(rest);
      rest = piece.rest;
      if (piece.ends === "http") this.#parts.metrics.count("primaryInvalid");
      else if (piece.status === 101 && !turn.head.webSocket) return this.#brokenOff(UNKNOWN_PROTOCOL);
      else this.#answerPiece(turn, piece, came);
      if (piece.ends !== "interim") return rest.length > 0 ? this.#passRaw(rest) : undefined;
    }
  }

  #answerPiece(turn: Turn, { bytes, status, ends }: AnswerPiece, came: number): void {
    const passed = turn.passage.pass(bytes, status, this.#parts.isDraining());
    this.#toCaller(turn, passed);
    turn.status = status;
    this.#parts.metrics.answerAdded.add(performance.now() - came);
    turn.exchange?.primaryBytes(bytes);
    if (ends === "interim") turn.exchange?.interimDone();
    else if (ends === "answer") status === 101 ? this.#leaveHttp("tunnel") : this.#answerDone(turn);
  }

  #toCaller(turn: Turn | undefined, bytes: Buffer): void {
    if (turn !== undefined && bytes.length > 0) turn.answerHasBegun = true;
    if (!this.#caller.write(bytes)) this.#primary?.pause();
  }

  #answerDone(turn: Turn): void {
    turn.answerDone(this.#parts.metrics, this.#answers.keepAlive);
    if (turn.isDone) this.#turnDone(turn);
  }

  /** Both directions have ended: the connection is free for the next request, or it closes. */
  #turnDone(turn: Turn): void {
    this.#turn = undefined;
    this.#served++;
    this.#deadline.clear();
    const mayGoOn = this.#answers.keepAlive && this.#requests.keepAlive && !turn.passage.closes;
    if (!mayGoOn || (this.#callerEnded && this.#backlog.length === 0)) return this.#end();
    this.#requests.next();
    this.#readOn();
    if (this.isIdle) this.#deadline.await("next");
  }

  #readOn(): void {
    for (const chunk of this.#backlog.splice(0)) this.#fromCaller(chunk);
    if (this.#backlog.length > 0) return;
    this.#caller.resume();
    if (this.#callerEnded) this.#callerEnd();
  }

  /** Bytes that are no answer to a request pass as they are until the primary closes. */
  #passRaw(bytes: Buffer): void {
    if (this.#mode === "over") return;
    if (this.#mode !== "http") return this.#toCaller(undefined, bytes);
    this.#turn?.exchange?.end("primaryFailed");
    this.#toCaller(undefined, Buffer.concat([this.#turn?.passage.release() ?? Buffer.alloc(0), bytes]));
    this.#leaveHttp("raw");
  }

  #leaveHttp(mode: "tunnel" | "raw"): void {
    if (mode === "tunnel") this.#parts.metrics.count("tunnelled");
    this.#mode = mode;
    this.#deadline.clear();
    this.#readOn();
  }

  #callerEnd(): void {
    this.#callerEnded = true;
    if (this.#backlog.length > 0) return; // The primary hears of it behind the requests that wait.
    if (this.#primary === undefined || this.#deadline.awaitsHead) return this.#end();
    this.#primary.end();
  }

  #callerGone(): void {
    if (this.#turn !== undefined && this.#mode === "http") {
      this.#parts.metrics.count("aborted");
      this.#turn.exchange?.end("abortedByCaller");
    }
    this.#mode = "over";
    this.#deadline.clear();
    this.#primary?.destroy();
    this.#requests.free();
    this.#answers.free();
    this.#parts.closed();
  }

  #primaryEnd(wasConnected: boolean): void {
    if (this.#mode === "over") return;
    if (this.#mode !== "http") return this.#primary?.isGone ? this.#end() : void this.#caller.end();
    const turn = this.#turn;
    if (turn === undefined) return this.#end();
    if (!turn.answerIsDone && this.#answers.isWholeAtEnd()) this.#answerDone(turn);
    if (turn.isDone) return this.#end();
    if (turn.answerIsDone) return this.#brokenOff(undefined, false); // Answered early: the rest of the request has nowhere to go.
    this.#toCaller(turn, turn.passage.rest());
    // On a kept connection the caller must see the close itself: it may have crossed the request, which is then safe to repeat.
    this.#brokenOff(this.#served > 0 ? undefined : wasConnected ? CLOSED : UNREACHABLE);
  }

  #badRequest(refusal: Refusal): void {
    this.#turn?.exchange?.end("abortedByCaller");
    if (this.#turn?.answerHasBegun) return this.destroy();
    this.#refuse(refusal);
  }

  /** No whole answer: the tee gives its own only where nothing was said yet. */
  #brokenOff(refusal: Refusal | undefined, isPrimarysFault = true): void {
    if (isPrimarysFault) this.#parts.metrics.count("primaryFailed");
    this.#turn?.exchange?.end("primaryFailed");
    if (refusal === undefined || this.#turn?.answerHasBegun) return this.#end();
    this.#refuse(refusal);
  }

  #refuse(refusal: Refusal): void {
    if (this.#mode === "over") return;
    this.#parts.metrics.refused(refusal);
    this.#caller.write(refusalAnswer(refusal), "latin1");
    this.#primary?.destroy();
    this.#end();
  }

  /** Ends both sides. What the caller still sends is read and dropped, so that the answer is not lost to a reset (RFC 9112 9.6). */
  #end(): void {
    if (this.#mode === "over") return;
    this.#mode = "over";
    this.#backlog = [];
    this.#caller.resume();
    this.#primary?.end();
    this.#deadline.linger(this.#caller);
  }

  /** Who kept the connection waiting? A side that does not read is at fault before the one that does not write. */
  #late(stage: Stage): void {
    if (stage === "head") return this.#refuse(HEAD_LATE);
    if (stage === "next") return this.#end();
    if (stage === "body" && !this.#primary?.isFull) return this.#badRequest(BODY_LATE);
    if (this.#caller.writableNeedDrain) return this.destroy();
    this.#brokenOff(SILENT);
  }
}
