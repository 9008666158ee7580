/**
 * The stable codes that users match on, each with the HTTP status the API answers and the exit code the CLI ends with.
 * Exit codes 0, 1, 3 and 4 of `env verdict` are verdicts; 2 is a mistake of the user, 5 a fault of the system.
 */
export const ERROR_CODES = {
  "invalid-input": { status: 400, exit: 2 },
  forbidden: { status: 403, exit: 2 },
  "not-found": { status: 404, exit: 2 },
  conflict: { status: 409, exit: 2 },
  "not-allowed": { status: 422, exit: 2 },
  "too-large": { status: 413, exit: 2 },
  unavailable: { status: 503, exit: 5 },
  internal: { status: 500, exit: 5 },
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/** One fault of the input: which field, what is wrong with it (the value got and what is allowed are in the message). */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
  /** Line of the file, from 1, where the input came from a file. */
  readonly line?: number;
}

export class ShadowgraphError extends Error {
  override readonly name = "ShadowgraphError";
  readonly code: ErrorCode;
  readonly faults: readonly FieldFault[];
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; faults?: readonly FieldFault[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
  }
}
