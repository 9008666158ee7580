import type { HeaderList } from "../capture/capture.ts";
import { createFits, type Fits } from "../endpoints/exact-routes.ts";
import type { CannedAnswer, Collaborator } from "./collaborators.ts";
import { SAFE_METHODS } from "./plan.ts";

/** How a call of an overlay may be answered; `recorded`: as the collaborator answered the baseline's. */
export type Way = "recorded" | "pass" | "stub";

export interface CallDecision {
  /** In the order in which they are tried; where none answers, the call is refused. */
  readonly ways: readonly Way[];
  readonly stub: CannedAnswer | undefined;
  readonly isSafe: boolean;
}

/** What of a call decides. */
export interface CallHead {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
}

export type DecideCall = (call: CallHead) => CallDecision;

const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);

/** By these frameworks take another method than that of the request line: a GET may be a write. */
const OVERRIDES: ReadonlySet<string> = new Set(["x-http-method-override", "x-http-method", "x-method-override"]);

const isSafeCall = ({ method, headers }: CallHead): boolean =>
  SAFE.has(method) && !headers.some(([name]) => OVERRIDES.has(name.toLowerCase()));

/** Does once what is the same for each call of a collaborator. */
export const createDecideCall = ({ url, mode, answers, allow }: Collaborator): DecideCall => {
  // Routes of a document may begin with the path at which the collaborator's address ends.
  const prefix = new URL(url).pathname.replace(/\/+$/, "");
  const allowed = allow.map(createFits);
  const stubs = answers.map((answer) => [createFits(answer.on), answer] as const);
  const stubFor = ({ method, target }: CallHead): CannedAnswer | undefined => {
    const asked = method === "HEAD" ? ["HEAD", "GET"] : [method];
    const fits = (its: Fits) => asked.some((one) => its(one, target) || (prefix !== "" && its(one, prefix + target)));
    return stubs.find(([its]) => fits(its))?.[1];
  };
  return (call) => {
    const isSafe = isSafeCall(call);
    const stub = stubFor(call);
    const mayPass = mode !== "replace" && (isSafe || isAllowed(call, allowed));
    const ways: Way[] = mode === "mirror" ? ["recorded"] : [];
    if (mayPass) ways.push("pass");
    else if (stub !== undefined) ways.push("stub");
    return { ways, stub, isSafe };
  };
};

const isAllowed = ({ method, target, headers }: CallHead, allowed: readonly Fits[]): boolean =>
  allowed.some((fits) => fits(method, target)) && !headers.some(([name]) => OVERRIDES.has(name.toLowerCase()));
