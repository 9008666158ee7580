import type { Answer } from "./answer.ts";
import { isMapLike, stepOf } from "./json-place.ts";
import { isContainer, RepeatedKey } from "./json-value.ts";
import { DIFF_LIMITS } from "./limits.ts";

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
  if (answer.capture.body.kind === "equal" || answer.content.kind !== "json") return 1;
  return countTemplates(answer.content.value);
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
