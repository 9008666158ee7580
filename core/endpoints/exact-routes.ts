import { pathOf } from "../capture/endpoint.ts";

/** Read in more than one way by those who resolve, decode or join steps: it could lead elsewhere than it says. */
const AMBIGUOUS = /\/\/|\\|%(?:2e|2f|5c|25|00)|\/\.{1,2}(?:[/;]|$)|;/i;

/**
 * Does a request fit the route to the letter? Unlike the names of endpoints, which go by shape: `POST /items/17` is that one item.
 * A path that can be read in two ways fits no route.
 */
export type Fits = (method: string, target: string) => boolean;

/** @param route as `Route` has it: `POST /items/{id}`, `**` at the end for all below */
export const createFits = (route: string): Fits => {
  const space = route.indexOf(" ");
  const [ofMethod, steps] = [route.slice(0, space), stepsIn(route.slice(space + 1))];
  const isOpen = steps.at(-1) === "**";
  const needed = (isOpen ? steps.slice(0, -1) : steps).map((step) => step.split(/\{[^{}]*\}/));
  return (method, target) => {
    if (method !== ofMethod) return false;
    const path = pathOf(target);
    if (!path.startsWith("/") || AMBIGUOUS.test(path)) return false;
    const given = stepsIn(path);
    if (isOpen ? given.length < needed.length : given.length !== needed.length) return false;
    return needed.every((parts, index) => isStep(parts, given[index] as string));
  };
};

const stepsIn = (path: string): readonly string[] => path.split("/").filter((step) => step !== "");

/** The parts that are given, in their order, each parameter between them with at least one character. */
const isStep = (parts: readonly string[], step: string): boolean => {
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return step === first;
  if (!step.startsWith(first) || !step.endsWith(last)) return false;
  let from = first.length + 1;
  for (const part of others) {
    const at = step.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length + 1;
  }
  return from <= step.length - last.length;
};
