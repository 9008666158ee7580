export interface MarkedRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** By name in lower case. One that came more than once is none. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Mark {
  readonly lane: "candidate" | "secondary";
  readonly requestId: string;
}

export interface MarkOptions {
  /** What the tee has as `SHADOWGRAPH_MARK_KEY`; several, also joined by commas, while one takes the place of another. By default that variable. */
  readonly keys?: string | readonly string[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Undefined where no valid signature says that a tee sent it. */
export type MarkReader = (request: MarkedRequest) => Mark | undefined;

/** @throws RangeError for a key of fewer than 32 characters */
export declare const createMarkReader: (options?: MarkOptions) => MarkReader;
