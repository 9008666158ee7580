import type { Answer } from "./answer.ts";
import { isMapLike, type Position, placeOf, ROOT, stepOf } from "./json-place.ts";
import { isContainer, RepeatedKey } from "./json-value.ts";
import { DIFF_LIMITS } from "./limits.ts";
import type { Markup } from "./markup.ts";
import { attributeAt, elementAt } from "./markup-diff.ts";
import type { Place } from "./place.ts";

/** Distinct places of an answer at which another could differ: status, each header, each leaf of the body. Bounded, so a lower bound. */
export const countPlaces = (answer: Answer): number => {
  const { capture } = answer;
  if (capture.outcome === "failed") return 1;
  const headers =
    capture.headers.kind === "list" ? new Set(capture.headers.list.map(([name]) => name.toLowerCase())).size : 0;
  return 1 + headers + countLeaves(answer);
};

const countLeaves = (answer: Answer): number => {
  if (answer.capture.outcome === "failed" || answer.capture.body.bytes === 0) return 0;
  if (answer.capture.body.kind === "equal") return 1;
  const { content } = answer;
  if (content.kind === "data") return countTemplates(content.value);
  return content.kind === "markup" ? countMarkup(content.root) : 1;
};

/** Each element's text and each attribute. */
const countMarkup = (root: Markup): number => {
  const places = new Set<Place>();
  const queue: (readonly [Markup, Position])[] = [[root, ROOT]];
  for (let next = 0; next < queue.length && next < DIFF_LIMITS.maxCountedLeaves; next++) {
    const [{ children, attributes }, position] = queue[next] as readonly [Markup, Position];
    if (children.length === 0 || children.some((child) => typeof child === "string")) places.add(placeOf(position));
    for (const name of Object.keys(attributes).slice(0, DIFF_LIMITS.maxNamedKeys))
      places.add(placeOf(attributeAt(position, name)));
    for (const child of children.slice(0, DIFF_LIMITS.maxCountedLeaves))
      if (typeof child !== "string") queue.push([child, elementAt(position, child)]);
  }
  return places.size;
};

/** What containers at one place hold; the items of an array share theirs. */
interface Template {
  readonly leaves: Set<string>;
  readonly containers: Map<string, Template>;
}

const newTemplate = (): Template => ({ leaves: new Set(), containers: new Map() });

const countTemplates = (root: unknown): number => {
  if (isLeaf(root)) return 1;
  let leaves = 0;
  let visits = 0;
  const queue: (readonly [object, Template])[] = [[root as object, newTemplate()]];
  for (let next = 0; next < queue.length && visits < DIFF_LIMITS.maxCountedLeaves; next++) {
    const [container, template] = queue[next] as readonly [object, Template];
    for (const [step, child] of stepsOf(container)) {
      visits++;
      if (!isLeaf(child)) queue.push([child as object, templateAt(template, step)]);
      else if (!template.leaves.has(step)) {
        template.leaves.add(step);
        leaves++;
      }
    }
  }
  return leaves;
};

/** Nothing lies below it. */
const isLeaf = (value: unknown): boolean => {
  if (!isContainer(value) || value instanceof RepeatedKey) return true;
  for (const _ in value) return false;
  return true;
};

const templateAt = ({ containers }: Template, step: string): Template => {
  const known = containers.get(step);
  if (known !== undefined) return known;
  const made = newTemplate();
  containers.set(step, made);
  return made;
};

const stepsOf = (value: object): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(value)) return value.slice(0, DIFF_LIMITS.maxCountedLeaves).map((item) => ["*", item]);
  const keys = Object.keys(value);
  const isMap = isMapLike(keys);
  return keys
    .slice(0, DIFF_LIMITS.maxCountedLeaves)
    .map((key) => [stepOf(key, isMap), (value as Record<string, unknown>)[key]]);
};
