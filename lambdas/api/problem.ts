import { ERROR_CODES, type ErrorCode, type FieldFault, ShadowgraphError } from "../../core/errors.ts";

const TITLES: Readonly<Record<ErrorCode, string>> = {
  "invalid-input": "The input is not valid",
  forbidden: "Not permitted",
  "not-found": "No such thing",
  conflict: "In conflict with what is there",
  "not-allowed": "Understood, but not allowed",
  "too-large": "Too large",
  unavailable: "Not available now",
  internal: "A fault of the system",
};

/** RFC 9457 problem details; `code` is stable, `faults` names each field at fault. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly faults: readonly FieldFault[];
}

const problem = (code: ErrorCode, detail: string, faults: readonly FieldFault[] = []): Problem => ({
  type: `urn:shadowgraph:problem:${code}`,
  title: TITLES[code],
  status: ERROR_CODES[code].status,
  code,
  detail,
  faults,
});

/** What the caller may know of an error: all that we say ourselves, nothing of what a store or the runtime said. */
export const problemOf = (error: unknown): Problem => {
  if (!(error instanceof ShadowgraphError) || error.code === "internal") {
    return problem("internal", "the request failed inside Shadowgraph; its log says why");
  }
  if (error.code === "unavailable") {
    return problem("unavailable", "something that the API needs does not answer; try again, its log says what it is");
  }
  return problem(error.code, error.message, error.faults);
};

export const problemResponse = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
