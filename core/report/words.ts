import type { Lane } from "../capture/capture.ts";
import { findingSentence } from "../verdict/sentences.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Report } from "./report.ts";
import { duration, number, percent, plural } from "./text.ts";

export const CONTROL_WORDS = {
  control: "a control overlay",
  baseline: "the baseline itself: latency is not judged",
  none: "none: noise cannot be told from divergence",
  mixed: "changed during the run",
} as const satisfies Record<Verdict["control"], string>;

/** What is still needed for SAFE, and when it will be there if traffic goes on as it is. */
export const neededText = ({ needed, forecastSeconds }: Pick<Verdict, "needed" | "forecastSeconds">): string => {
  if (needed === null) return "nothing, more pairs cannot help";
  if (needed === 0) return "nothing";
  const when = forecastSeconds === null ? "" : `, about ${duration(forecastSeconds)} at the present traffic`;
  return `${number(needed)} more ${needed === 1 ? "pair" : "pairs"}${when}`;
};

/** How far it is to SAFE: `1 200 of about 3 756 pairs`. */
export const progressOf = ({ pairs, needed }: Pick<Verdict, "pairs" | "needed">) => {
  const whole = pairs + (needed ?? 0);
  const label =
    needed === null || needed === 0 ? plural(pairs, "pair") : `${number(pairs)} of about ${plural(whole, "pair")}`;
  return { whole, label, share: pairs / Math.max(1, whole) };
};

/** The figures beside a verdict, each with its unit or base. */
export const figuresOf = ({ verdict, noisy, run }: Report): readonly (readonly [name: string, value: string])[] => [
  ["Pairs compared", number(verdict.pairs)],
  [
    "Diverging",
    `${plural(verdict.diverging, "pair")}: at most ${percent(verdict.divergingBound)} of all, with 95 % confidence`,
  ],
  ["Tolerated", `fewer than ${percent(verdict.tolerance)}`],
  ["Noise", `${plural(noisy, "pair")} in which the old version differed from itself`],
  ["Masked", `${percent(verdict.maskedShare)} cannot be judged for noise`],
  ["Not compared", `${percent(verdict.dropShare)} of the sampled requests`],
  ["Noise control", CONTROL_WORDS[verdict.control]],
  ["Attempt", number(run.attempt)],
];

/** How many causes the findings have, where that is fewer. */
export const causesText = ({ findings: { total, groups } }: Pick<Verdict, "findings">): string =>
  groups < total ? ` (${plural(groups, "cause")}, ↳ marks what shares the one above)` : "";

/** How the sampled requests ended; what never happened is left out. */
export const outcomesOf = ({ outcomes: { sampled: _, ...ended } }: Report): readonly (readonly [string, number])[] =>
  Object.entries(ended).filter(([name, count]) => count > 0 || name === "gap");

/** What the verdict says beyond its reason and beyond the findings, which are listed anyway. */
export const remarksOf = ({ verdict, findings }: Report): readonly string[] => {
  const listed = new Set(findings.flatMap((one) => [findingSentence(one, true), findingSentence(one, false)]));
  return verdict.reasons.filter(
    (reason) => reason !== verdict.reason && !listed.has(reason) && !/^And [\d ]+ more confirmed finding/.test(reason),
  );
};

/** What each lane had. */
export const lanesOf = (example: {
  readonly primary: string;
  readonly candidate: string;
  readonly secondary?: string | undefined;
}): readonly (readonly [lane: Lane, value: string])[] => [
  ["primary", example.primary],
  ["candidate", example.candidate],
  ...(example.secondary === undefined ? [] : [["secondary", example.secondary] as const]),
];

/** What a rule does, whatever its kind: `ignore body/at`. */
export const ruleText = (rule: Readonly<Record<string, unknown>>): string =>
  Object.entries(rule)
    .filter(([kind, what]) => what !== undefined && !BESIDE.has(kind))
    .map(([kind, what]) => `${kind} ${typeof what === "string" ? what : JSON.stringify(what)}`)
    .join(", ");

const BESIDE: ReadonlySet<string> = new Set(["endpoint", "because", "hits", "note"]);
