/** Answer as index into `answers`, -1 for none, and its milliseconds. */
export type RecordedAnswer = readonly [answer: number, ms: number];

export interface Software {
  /** Name and version. */
  readonly software: string;
  readonly install: string;
  readonly run: string;
}

/** What real software answered to the same requests: two instances of the old version, one of the new. Raw bytes as latin-1. */
export interface Recording {
  readonly old: Software;
  readonly new: Software;
  readonly recordedAt: string;
  readonly node: string;
  readonly requests: readonly string[];
  readonly answers: readonly string[];
  readonly exchanges: readonly (readonly [
    request: number,
    at: number,
    primary: RecordedAnswer,
    secondary: RecordedAnswer,
    candidate: RecordedAnswer,
  ])[];
}
