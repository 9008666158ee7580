import type { Outcome } from "../core/pair/outcome.ts";
import type { Later } from "./later.ts";
import type { Limits } from "./limits.ts";
import type { TeeMetrics } from "./metrics.ts";
import type { RequestHead } from "./request-head.ts";
import type { Target } from "./target.ts";

/** Follows one request and its answer as their bytes pass. Nothing in it can reach the caller. */
export interface Following {
  /** Bytes of the request's body, framing included, as they came. */
  requestBody(bytes: Buffer): void;
  requestDone(): void;
  /** Bytes of the primary's answer, as they came. */
  primaryBytes(bytes: Buffer): void;
  /** What came so far was an interim answer (1xx): the final one follows. */
  interimDone(): void;
  /** `goesOn`: the answer ended by its own framing, and the primary keeps the connection open. */
  primaryDone(goesOn: boolean): void;
  /** There will be no whole answer, or nothing to compare it with. */
  end(outcome: Outcome): void;
}

export interface CallerParts {
  /** The primary. */
  readonly target: Target;
  readonly limits: Limits;
  readonly later: Later;
  /** Starts to follow a request, where it is to be followed. */
  readonly begin: (head: RequestHead, bytes: Buffer, caller: string) => Following | undefined;
  /** The first bytes of a request as they are passed on, its head whole in them; where left out, as they came. */
  readonly passedOn?: (bytes: Buffer, head: RequestHead) => Buffer;
  readonly isDraining: () => boolean;
  readonly metrics: TeeMetrics;
  readonly closed: () => void;
}
