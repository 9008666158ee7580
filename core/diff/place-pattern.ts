import type { Place } from "./place.ts";

/** A place with `*` for any one step and, at its end, `**` for the place itself and all below. */
export interface PlacePattern {
  readonly steps: readonly string[];
  readonly isOpen: boolean;
}

export const placePattern = (text: string): PlacePattern => {
  const steps = text.split("/");
  const isOpen = steps.at(-1) === "**";
  return { steps: isOpen ? steps.slice(0, -1) : steps, isOpen };
};

export const isMatch = ({ steps, isOpen }: PlacePattern, place: Place): boolean => {
  const have = place.split("/");
  if (isOpen ? have.length < steps.length : have.length !== steps.length) return false;
  return steps.every((step, index) => step === "*" || step === have[index]);
};
