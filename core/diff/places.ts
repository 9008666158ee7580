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

/** The items of an array share their templates. */
class Template {
  readonly children = new Map<string, Template>();
  hasLeaf = false;
}

const countTemplates = (root: unknown): number => {
  let leaves = 0;
  let visits = 0;
  const values: unknown[] = [root];
  const templates: Template[] = [new Template()];
  for (let next = 0; next < values.length && visits < DIFF_LIMITS.maxCountedLeaves; next++) {
    const template = templates[next] as Template;
    const steps = stepsOf(values[next]);
    visits += Math.max(1, steps.length);
    if (steps.length === 0) {
      if (!template.hasLeaf) leaves++;
      template.hasLeaf = true;
    }
    for (const [step, child] of steps) {
      values.push(child);
      templates.push(childOf(template, step));
    }
  }
  return leaves;
};

const childOf = (template: Template, step: string): Template => {
  const known = template.children.get(step);
  if (known !== undefined) return known;
  const child = new Template();
  template.children.set(step, child);
  return child;
};

const stepsOf = (value: unknown): readonly (readonly [string, unknown])[] => {
  if (!isContainer(value) || value instanceof RepeatedKey) return [];
  if (Array.isArray(value)) return value.slice(0, DIFF_LIMITS.maxCountedLeaves).map((item) => ["*", item]);
  const keys = Object.keys(value);
  const isMap = isMapLike(keys);
  return keys
    .slice(0, DIFF_LIMITS.maxCountedLeaves)
    .map((key) => [stepOf(key, isMap), (value as Record<string, unknown>)[key]]);
};
