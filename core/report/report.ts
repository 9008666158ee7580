import type { Control } from "../capture/control.ts";
import type { Rule } from "../diff/rules.ts";
import type { OutcomeCounts } from "../pair/outcome.ts";
import type { Run } from "../sampling/environment.ts";
import type { Finding, Verdict } from "../verdict/verdict.ts";

/** Where the lanes of an overlay service answer. */
export interface LanesOfService {
  readonly service: string;
  readonly primary: { readonly url: string };
  readonly candidate: { readonly url: string };
  readonly secondary: { readonly control: Control; readonly url: string | null };
}

/** All that is said of a run in a pull request: every format is a function of this one value. */
export interface Report {
  readonly env: string;
  readonly name: string;
  /** When it was made; milliseconds since 1970. */
  readonly at: number;
  readonly baseline: { readonly id: string; readonly name: string; readonly version: string };
  readonly run: Run;
  readonly lanes: readonly LanesOfService[];
  readonly verdict: Verdict;
  /** Pairs in which the secondary alone differed somewhere. */
  readonly noisy: number;
  readonly outcomes: OutcomeCounts & { readonly inFlight: number; readonly gap: number };
  /** The most telling ones of `total`. */
  readonly findings: readonly Finding[];
  readonly total: number;
  readonly rules: readonly (Rule & { readonly hits: number; readonly note?: string | undefined })[];
}
