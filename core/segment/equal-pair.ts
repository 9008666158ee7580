import { answerOutlineOf, requestOutlineOf } from "../capture/message.ts";
import { sessionOf } from "./cluster.ts";
import type { StoreOptions } from "./safe-body.ts";

/** A pair whose lanes all answered the same: nothing to show but that it was. */
export interface EqualPair {
  /** Of the id `tee-epoch-number`. */
  readonly number: number;
  readonly at: number;
  readonly endpoint: string;
  readonly cluster: string;
  readonly status: number;
  /** Size of the body. */
  readonly bytes: number;
  readonly ms: LaneTimes;
}

/** What each lane took, in milliseconds. */
export interface LaneTimes {
  readonly primary: number;
  readonly candidate: number;
  readonly secondary: number | undefined;
}

/** The wire bytes of a request and of the one answer that all lanes gave. */
export interface RawEqual {
  readonly number: number;
  readonly at: number;
  readonly caller: string;
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
  readonly ms: LaneTimes;
}

/**
 * What `storePair` makes of such a pair, with as little reading as that takes.
 * @throws ShadowgraphError "internal" on bytes that are no request or no answer.
 */
export const equalPairOf = (
  raw: RawEqual,
  { redactor, clusterOf }: Pick<StoreOptions, "redactor" | "clusterOf">,
): EqualPair => {
  const { number, at, ms } = raw;
  const { method, target, headerOf } = requestOutlineOf(raw.request);
  const { status, bytes } = answerOutlineOf(raw.answer);
  const endpoint = redactor.endpoint(method, target);
  return { number, at, endpoint, cluster: clusterOf(sessionOf(headerOf) ?? raw.caller, endpoint), status, bytes, ms };
};
