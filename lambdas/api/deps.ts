import type { Bypass } from "../../adapters/bypass.ts";
import type { readJudgement } from "../../adapters/judgement.ts";
import type { Ports } from "../../adapters/ports.ts";
import type { Resender } from "../../adapters/resender.ts";
import type { VerdictSettings } from "../../core/verdict/settings.ts";

export type { Judgement } from "../../adapters/judgement.ts";
export type ReadJudgement = typeof readJudgement;

export interface ApiDeps {
  readonly ports: Ports;
  readonly bypass: Bypass;
  /** Sends stored requests again. */
  readonly resender: Resender;
  /** Milliseconds since 1970. */
  now(): number;
  /** `prefix`, a dash and six random characters. */
  newId(prefix: string): string;
  readonly settings: VerdictSettings;
  /** Security groups that overlay.yaml may list. */
  readonly allowSecurityGroups: readonly string[];
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
