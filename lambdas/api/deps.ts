import type { Ports } from "../../adapters/ports.ts";
import type { Rule, Rules } from "../../core/diff/rules.ts";
import type { Facts } from "../../core/noise/facts.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import type { Accounting } from "../../core/verdict/accounting.ts";
import type { VerdictSettings } from "../../core/verdict/settings.ts";
import type { Finding, Verdict } from "../../core/verdict/verdict.ts";

/** What the stored facts of an overlay's run say under its rules: recomputed at each reading. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  readonly accounting: Accounting;
  /** Each rule with the pairs in which it ignored something. */
  readonly rules: readonly { readonly rule: Rule; readonly hits: number }[];
}

export type ReadJudgement = (
  ports: Ports,
  overlay: Overlay,
  options: { readonly rules?: Rules; readonly settings: VerdictSettings; readonly now: number },
) => Promise<Judgement>;

export interface ApiDeps {
  readonly ports: Ports;
  /** Milliseconds since 1970. */
  now(): number;
  /** `prefix`, a dash and six random characters. */
  newId(prefix: string): string;
  readonly settings: VerdictSettings;
  /** Who asks, for the audit; `bindings` is what the runtime knows beside the request, such as the Lambda event. */
  who(request: Request, bindings: unknown): string;
  readonly readJudgement: ReadJudgement;
  /** Told of every fault that the caller only sees as `internal` or `unavailable`. */
  onFault?(error: unknown): void;
}

/** One request as a handler sees it. */
export interface Call extends Omit<ApiDeps, "who"> {
  readonly who: string;
}
