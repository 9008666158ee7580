import type { Capture, RequestCapture, Responded } from "../capture/capture.ts";
import type { PairCalls } from "./calls.ts";

/** The captures of one request; a triple when the secondary took part. Unredacted: it never leaves the tee's process. */
export interface Pair {
  readonly request: RequestCapture;
  readonly primary: Responded;
  readonly candidate: Capture;
  readonly secondary?: Capture;
  /** Where they are known. */
  readonly calls?: PairCalls;
}
