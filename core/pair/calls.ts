/** A call to a collaborator that a lane made for a request, as a guard heard it. Unredacted. */
export interface MadeCall {
  /** The collaborator's name. */
  readonly to: string;
  readonly method: string;
  readonly target: string;
  /** Content-Type of the body, "" without. */
  readonly type: string;
  /** Its beginning; of the whole, size and SHA-256 as hex. */
  readonly body: Uint8Array;
  readonly bytes: number;
  readonly hash: string;
}

/** What each lane called for one request, each in the order in which it did. Of a lane that failed there is nothing to compare. */
export interface PairCalls {
  readonly primary: readonly MadeCall[];
  readonly candidate: readonly MadeCall[];
  readonly secondary?: readonly MadeCall[];
}
