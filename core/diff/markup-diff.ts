import type { Budget } from "./budget.ts";
import type { Differences } from "./differences.ts";
import { matchItems } from "./items.ts";
import { below, type Position, placeOf, ROOT, stepOf } from "./json-place.ts";
import { RepeatedKey } from "./json-value.ts";
import { MARKUP_LIKENESS, type Markup, type MarkupNode } from "./markup.ts";

/** Measured: what it costs to open two elements, and to look at one of their nodes. */
const WORK = { element: 25, node: 6 } as const;

/**
 * Adds every place at which two documents differ: `body/html/head/title` for the text in an element, `…/a/@href` for an attribute,
 * `…/ul/li` for elements that came, went or became more or fewer. Elements of one name share their place, wherever they stand among
 * their siblings. Breadth first with an own queue: depth costs no stack.
 */
export const diffMarkup = (left: Markup, right: Markup, found: Differences, budget: Budget): void => {
  const queue: [Markup, Markup, Position][] = [[left, right, ROOT]];
  for (let next = 0; next < queue.length && budget.spend(WORK.element); next++) {
    const [a, b, position] = queue[next] as [Markup, Markup, Position];
    diffAttributes(a, b, position, found, budget);
    diffChildren(a, b, position, found, budget, (x, y) => queue.push([x, y, elementAt(position, x)]));
  }
  if (budget.isSpent) found.leaveUndecided("comparing took too much work");
};

export const elementAt = (position: Position, { name }: Markup): Position => below(position, stepOf(name, false));

export const attributeAt = (position: Position, name: string): Position => below(position, `@${stepOf(name, false)}`);

const diffAttributes = (left: Markup, right: Markup, position: Position, found: Differences, budget: Budget): void => {
  if (left.attributes === right.attributes) return;
  const [a, b] = [left.attributes, right.attributes];
  const names = Object.keys(a);
  const others = Object.keys(b).filter((name) => !Object.hasOwn(a, name));
  if (!budget.spend((names.length + others.length) * WORK.node)) return;
  const at = (name: string): string => placeOf(attributeAt(position, name));
  for (const name of names) {
    if (!Object.hasOwn(b, name)) found.add(at(name), "removed", shown(a[name]), undefined, "text");
    else if (typeof a[name] !== typeof b[name] || shown(a[name]) !== shown(b[name]))
      found.add(at(name), "value", shown(a[name]), shown(b[name]), "text");
  }
  for (const name of others) found.add(at(name), "added", undefined, shown(b[name]), "text");
};

const shown = (value: unknown): string => (value instanceof RepeatedKey ? JSON.stringify(value.values) : String(value));

const diffChildren = (
  left: Markup,
  right: Markup,
  position: Position,
  found: Differences,
  budget: Budget,
  enqueue: (left: Markup, right: Markup) => void,
): void => {
  const [lefts, rights] = [left.children, right.children];
  if (!budget.spend((lefts.length + rights.length) * WORK.node)) return;
  if (lefts.length === 1 && rights.length === 1 && typeof lefts[0] === "string" && typeof rights[0] === "string") {
    if (lefts[0] !== rights[0]) found.add(placeOf(position), "value", lefts[0], rights[0], "text");
    return;
  }
  const { pairs, restLeft, restRight, isReordered } = matchItems(lefts, rights, MARKUP_LIKENESS, budget);
  if (isReordered) found.add(placeOf(position), "order", left.source, right.source, "text");
  const loneLeft = restLeft.map((index) => lefts[index] as MarkupNode);
  const loneRight = restRight.map((index) => rights[index] as MarkupNode);
  for (let next = 0; next < pairs.length; next += 2) {
    const [a, b] = [lefts[pairs[next] as number] as MarkupNode, rights[pairs[next + 1] as number] as MarkupNode];
    if (typeof a === "string" && typeof b === "string") {
      if (a !== b) found.add(placeOf(position), "value", a, b, "text");
    } else if (typeof a === "string" || typeof b === "string" || a.name !== b.name) {
      loneLeft.push(a);
      loneRight.push(b);
    } else if (!MARKUP_LIKENESS.isSame(a, b, budget)) enqueue(a, b);
  }
  if (loneLeft.length + loneRight.length > 0) addLone(left, right, loneLeft, loneRight, position, found);
};

/** Nodes without a partner: a name that both sides have became more or fewer. */
const addLone = (
  left: Markup,
  right: Markup,
  loneLeft: readonly MarkupNode[],
  loneRight: readonly MarkupNode[],
  position: Position,
  found: Differences,
): void => {
  const [inLeft, inRight] = [countNames(left), countNames(right)];
  const add = (node: MarkupNode, isLeft: boolean): void => {
    const source = typeof node === "string" ? node : node.source;
    const [a, b] = isLeft ? [source, undefined] : [undefined, source];
    if (typeof node === "string") return found.add(placeOf(position), "value", a, b, "text");
    const place = placeOf(elementAt(position, node));
    const [left, right] = [inLeft.get(node.name) ?? 0, inRight.get(node.name) ?? 0];
    if (left > 0 && left === right) found.add(placeOf(position), "order", a, b, "text");
    else if (left > 0 && right > 0) found.add(place, "length", left, right);
    else found.add(place, isLeft ? "removed" : "added", a, b, "text");
  };
  for (const node of loneLeft) add(node, true);
  for (const node of loneRight) add(node, false);
};

const countNames = ({ children }: Markup): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const child of children)
    if (typeof child !== "string") counts.set(child.name, (counts.get(child.name) ?? 0) + 1);
  return counts;
};
