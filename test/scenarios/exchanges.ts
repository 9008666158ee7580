import type { FailureReason, Lane } from "../../core/capture/capture.ts";

/** What came back: raw bytes, or nothing. */
export type Reply =
  | { readonly raw: Uint8Array; readonly ms: number }
  | { readonly fails: FailureReason; readonly ms: number };

/** One request and what the lanes answered; the secondary only where there is one. */
export interface Exchange {
  readonly at: number;
  readonly caller: string;
  readonly request: Uint8Array;
  readonly replies: Readonly<Partial<Record<Lane, Reply>>>;
}
