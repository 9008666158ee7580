import type { Budget } from "./budget.ts";
import type { Data } from "./content.ts";
import { DIFF_LIMITS } from "./limits.ts";

/** A part of a stream. `isEnded`: what ends a part was there, so that a cut did not go through it. */
export interface Part {
  readonly text: string;
  readonly isEnded: boolean;
}

/** `nothing`: the part says nothing. `broken`: it is not of the format, and so the whole body is not. */
export type PartReading = { readonly value: unknown } | "nothing" | "broken" | "tooCostly";

interface Stream {
  readonly format: Data["format"];
  readonly parts: Iterable<Part>;
  readonly readPart: (part: Part, budget: Budget) => PartReading;
  readonly isCut: boolean;
}

/** Measured: to cut a part out and to begin reading it. */
const WORK_PER_PART = 30;
/** For one body, so that those of all lanes can be read, and compared. */
const MAX_STREAM_WORK = DIFF_LIMITS.maxWork / 6;

/** The items at the beginning of a stream, as far as they are whole and the budget reaches; undefined where one of them is broken. */
export const readStream = ({ format, parts, readPart, isCut }: Stream, budget: Budget): Data | undefined => {
  const floor = budget.left - MAX_STREAM_WORK;
  const value: unknown[] = [];
  for (const part of parts) {
    if (isCut && !part.isEnded) break;
    const reading = budget.spend(WORK_PER_PART) && budget.left > floor ? readPart(part, budget) : "tooCostly";
    if (reading === "broken") return undefined;
    if (reading === "tooCostly")
      return { kind: "data", format, value, unreadRest: `reading a long body (${format}) takes too much work` };
    if (reading !== "nothing") value.push(reading.value);
  }
  const items: Data = { kind: "data", format, value };
  return isCut ? { ...items, unreadRest: `a body (${format}) is larger than what is stored` } : items;
};
