import { totalOf } from "../noise/totals.ts";
import { type Case, sentenceOf } from "./case.ts";
import { isDataLike } from "./data-like.ts";
import { readsOf } from "./drift.ts";
import { causesOf } from "./groups.ts";
import { endpointsLikeData } from "./likeness.ts";
import { count, placesText, some, timeOfDay } from "./sentences.ts";

/** Why the data of candidate and baseline are not the same; nothing where that is not shown. */
export const driftFaults = ({ drift, drifted }: Pick<Case, "drift" | "drifted">): readonly string[] => {
  const [first] = drifted;
  if (drift === undefined || first === undefined) return [];
  const declared = drift.reads.length + drift.versions.length;
  const isOver = drifted.every(({ until }) => until !== null);
  const last = Math.max(...drifted.map(({ until }) => until ?? 0));
  const verb = isOver ? "answered" : drifted.length === 1 ? "answers" : "answer";
  const span = isOver ? `from ${timeOfDay(first.since)} to ${timeOfDay(last)}` : `since ${timeOfDay(first.since)}`;
  const cause = drift.takesWrites
    ? "writes that did not reach it, or another order of them (orderBy), or what the candidate itself stores: see its answers to writes"
    : "it has a store of its own, which gets no writes";
  return [
    `The overlay's data ${isOver ? "differed" : "differs"} from the baseline's: ${count(drifted.length)} of ${some(declared, "declared read")} ${verb} differently ${span}, first ${first.read} at ${first.place}. Look at the overlay's store (${cause}), make its data those of the baseline, then start a new run.`,
  ];
};

type Remark = (it: Case) => readonly string[];

/** Fewer looks say nothing. */
const MIN_LOOKS = 3;

export const driftRemarks: Remark = (it) => {
  const { drift, drifted, blocking } = it;
  if (drift === undefined) return [];
  const reads = readsOf(drift);
  const mute = reads.filter(({ looks, failed }) => looks === 0 && failed >= MIN_LOOKS);
  const never = reads.filter(({ looks, always }) => looks >= MIN_LOOKS && always.length > 0);
  const unexplained = drifted.length === 0 ? [] : causesOf(blocking).filter(([first]) => !isDataLike(first!));
  return [
    ...mute.map(
      ({ read, failed, lastFailure }) =>
        `Declared read ${read} says nothing: ${lastFailure} (${some(failed, "look")}).`,
    ),
    ...(never.length === 0
      ? []
      : [
          `${placesText(never.map(({ read, always }) => `${read} ${always[0]}`))}: different from the first look on, so the change, or data that never were the same; a read under \`versions\` of \`drift\` tells which.`,
        ]),
    ...unexplained.slice(0, MIN_LOOKS).map(([first]) => `Other data do not explain: ${sentenceOf(first!, it)}`),
  ];
};

/** From the findings alone, and so a guess. */
export const likenessRemarks: Remark = (it) => {
  const endpoints = it.drifted.length > 0 || totalOf(it.facts, "pairs") === 0 ? [] : endpointsLikeData(it);
  if (endpoints.length === 0) return [];
  const how = it.drift === undefined ? " Declare reads under `drift` in overlay.yaml to know." : "";
  return [
    `Looks like data that differs: at ${placesText(endpoints)} nothing but values, or whether a thing is known (200 and 404), is other.${how}`,
  ];
};
