import { clopperPearsonUpper } from "../verdict/evidence.ts";
import { BOUND_CONFIDENCE, type Finding } from "../verdict/verdict.ts";
import { repetitionsOf, type Tally } from "./tally.ts";

/** What sending requests again says of one finding. */
export const STATES = ["pending", "fixed", "unseen", "stillThere", "goneOnBoth", "notSent", "unclear"] as const;
export type State = (typeof STATES)[number];

/** How sure "fixed" must be: a finding that is still there, as frequent as in the run, is called so in at most 5 % of the cases. */
const CONFIDENCE = BOUND_CONFIDENCE;

export interface Told {
  readonly state: State;
  readonly reason: string;
  /** That a finding which is still there, as frequent as in the run, would have been seen; null where nothing speaks for it. */
  readonly confidence: number | null;
  /** With 95 % confidence, at most this part of such requests still shows it; null where that is not known. */
  readonly atMost: number | null;
}

type Rate = Pick<Finding, "count" | "noise" | "pairs">;

/** Of the pairs of its endpoint, the part that showed the finding in the run. */
const rateOf = ({ count, pairs }: Rate): number => Math.min(1, count / Math.max(1, pairs));

/** Repetitions after which a finding of this rate would have been missed in at most 5 % of the cases. */
const repetitionsNeeded = (finding: Rate): number => {
  const rate = rateOf(finding);
  return rate >= 1 ? 1 : Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-rate));
};

const nothing = (state: State, reason: string): Told => ({ state, reason, confidence: null, atMost: null });
const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** @param left repetitions that are still to come */
export const toldOf = (finding: Rate, tally: Tally, left: number): Told => {
  const { shown, agreed, noisy, gone, unanswered } = tally;
  const sent = repetitionsOf(tally);
  const compared = shown + agreed + noisy;
  const atLeast = 1 - clopperPearsonUpper(compared - shown, compared, CONFIDENCE);
  const isBeyondNoise = shown > noisy && atLeast > finding.noise / Math.max(1, finding.pairs);
  if (isBeyondNoise) return nothing("stillThere", `shown by ${shown} of ${sent} repetitions`);
  if (left > 0) return nothing("pending", `${sent} of ${sent + left} repetitions sent`);
  if (shown > 0)
    return nothing(
      "unclear",
      `shown by ${shown} of ${sent} repetitions, which may be noise: in ${noisy} the control differs from itself`,
    );
  if (agreed === 0 && gone > 0) return nothing("goneOnBoth", goneText(gone));
  if (agreed === 0)
    return nothing(
      "unclear",
      `none of ${sent} repetitions could be compared: a lane did not answer, or not the same twice`,
    );
  const atMost = clopperPearsonUpper(0, agreed, CONFIDENCE);
  const confidence = 1 - (1 - rateOf(finding)) ** agreed;
  const aside = unanswered + gone + noisy;
  const seen = `candidate and control agree in all ${agreed} repetitions${aside > 0 ? ` that could be compared, of ${sent}` : ""}`;
  if (confidence >= CONFIDENCE) return { state: "fixed", reason: seen, confidence, atMost };
  const needed = repetitionsNeeded(finding);
  const reason = `${seen}; as rare as it was in the run, ${needed} are needed to call it fixed`;
  return { state: "unseen", reason, confidence, atMost };
};

const goneText = (gone: number): string =>
  `asked ${times(gone)}, the control no longer answers what the primary answered in the run, and the candidate agrees with it: nothing is left to compare`;
