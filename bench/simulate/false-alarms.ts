import { alarmEvidence, alphaShare } from "../../core/verdict/evidence.ts";
import { gap, type Random, randomFrom } from "./random.ts";

/** How one place of an A/A run went: when the candidate, the secondary, or the primary or all three stood apart. */
interface PlaceRun {
  readonly at: readonly number[];
  readonly who: readonly ("C" | "S" | "rest")[];
}

/** Each lane deviates by itself in `noise` of its answers; two deviations at once differ from each other as well. */
const placeRun = (random: Random, noise: number, pairs: number): PlaceRun => {
  const one = noise * (1 - noise) ** 2;
  const any = 1 - (1 - noise) ** 3;
  const at: number[] = [];
  const who: PlaceRun["who"][number][] = [];
  for (let pair = gap(random, any); pair <= pairs; pair += gap(random, any)) {
    const which = random() * any;
    at.push(pair);
    who.push(which < one ? "C" : which < 2 * one ? "S" : "rest");
  }
  return { at, who };
};

/** At most ln E, and quick: the mixture is no more than its best component. */
const evidenceBound = (b: number, c: number): number => {
  const n = b + c;
  return b <= c ? 0 : b * Math.log((2 * b) / n) + (c === 0 ? 0 : c * Math.log((2 * c) / n));
};

const isAlarmed = ({ who }: PlaceRun, threshold: number): boolean => {
  let [b, c] = [0, 0];
  for (const it of who) {
    if (it === "S") c += 1;
    if (it !== "C") continue;
    b += 1;
    if (evidenceBound(b, c) >= threshold && alarmEvidence(b, c) >= threshold) return true;
  }
  return false;
};

/** Diffy's rule (JoinedDifferences.scala, defaults of Settings.scala): raw > noise, 20 % relative, 0.03 % of the requests. */
const isFlaggedByDiffy = (raw: number, noise: number, pairs: number): boolean =>
  raw > noise && (Math.abs(raw - noise) / (raw + noise)) * 100 > 20 && (Math.abs(raw - noise) / pairs) * 100 > 0.03;

const diffyOn = ({ at, who }: PlaceRun, pairs: number): { end: boolean; anyLook: boolean } => {
  let [raw, noise, anyLook] = [0, 0, false];
  who.forEach((it, i) => {
    if (it !== "S") raw += 1;
    if (it !== "C") noise += 1;
    if (it === "C" && !anyLook) anyLook = isFlaggedByDiffy(raw, noise, at[i]!);
  });
  return { end: isFlaggedByDiffy(raw, noise, pairs), anyLook };
};

export interface FalseAlarms {
  readonly shadowgraph: number;
  readonly diffyEnd: number;
  readonly diffyAnyLook: number;
}

/** Shares of A/A runs that are accused somewhere: of nothing, for both versions are the same. */
export const falseAlarms = (
  seed: number,
  setup: { runs: number; pairs: number; places: number; noise: number; alpha: number },
): FalseAlarms => {
  const random = randomFrom(seed);
  const wrong = { shadowgraph: 0, diffyEnd: 0, diffyAnyLook: 0 };
  for (let run = 0; run < setup.runs; run += 1) {
    const places = Array.from({ length: setup.places }, () => placeRun(random, setup.noise, setup.pairs))
      .filter(({ at }) => at.length > 0)
      .sort((a, b) => a.at[0]! - b.at[0]!);
    if (places.some((place, i) => isAlarmed(place, Math.log(1 / alphaShare(setup.alpha, i + 1)))))
      wrong.shadowgraph += 1;
    const diffy = places.map((place) => diffyOn(place, setup.pairs));
    if (diffy.some(({ end }) => end)) wrong.diffyEnd += 1;
    if (diffy.some(({ anyLook }) => anyLook)) wrong.diffyAnyLook += 1;
  }
  return {
    shadowgraph: wrong.shadowgraph / setup.runs,
    diffyEnd: wrong.diffyEnd / setup.runs,
    diffyAnyLook: wrong.diffyAnyLook / setup.runs,
  };
};
