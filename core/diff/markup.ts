import type { Budget } from "./budget.ts";
import type { Likeness } from "./items.ts";
import { hashText, mix } from "./json-value.ts";

/** A piece of text, or an element. Comments, declarations and what a reader of HTML forgives are elements as well: `#comment`, `#doctype`, `#stray`. */
export type MarkupNode = string | Markup;

export interface Markup {
  readonly name: string;
  /** By name; an attribute that is there twice is a RepeatedKey. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly children: readonly MarkupNode[];
  /** 32 bits of all that it holds: equal elements have equal hashes, and nothing may be concluded from equal hashes. */
  readonly hash: number;
  /** As it was written. */
  readonly source: string;
}

export const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = Object.freeze({});

const hashNode = (node: MarkupNode): number => (typeof node === "string" ? hashText(node) : node.hash);

export const hashMarkup = (name: string, attributes: Markup["attributes"], children: Markup["children"]): number => {
  let hash = hashText(name);
  let sum = 0;
  for (const key in attributes) sum = (sum + mix(hashText(key), hashText(String(attributes[key])))) | 0;
  hash = mix(hash, sum);
  for (const child of children) hash = mix(hash, hashNode(child));
  return hash;
};

/** Measured. */
const WORK_PER_NODE = 12;

/** An own stack: depth costs no call stack. */
const isSame = (left: MarkupNode, right: MarkupNode, budget: Budget): boolean => {
  if (typeof left === "string" || typeof right === "string") return left === right;
  if (left.hash !== right.hash) return false;
  const [lefts, rights]: [MarkupNode[], MarkupNode[]] = [[left], [right]];
  for (let a = lefts.pop(); a !== undefined; a = lefts.pop()) {
    const b = rights.pop() as MarkupNode;
    if (typeof a === "string" || typeof b === "string") {
      if (a !== b) return false;
      continue;
    }
    if (a.hash !== b.hash || a.name !== b.name || !budget.spend(WORK_PER_NODE)) return false;
    if (a.children.length !== b.children.length || !haveSameAttributes(a, b, budget)) return false;
    for (const child of a.children) lefts.push(child);
    for (const child of b.children) rights.push(child);
  }
  return true;
};

/** Repeated ones are left to the comparison. */
const haveSameAttributes = ({ attributes: a }: Markup, { attributes: b }: Markup, budget: Budget): boolean => {
  if (a === b) return true;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length || !budget.spend(names.length * WORK_PER_NODE)) return false;
  return names.every((name) => typeof a[name] === "string" && a[name] === b[name]);
};

/** Nodes with the same content belong together; of the rest those of one name. */
export const MARKUP_LIKENESS: Likeness<MarkupNode> = {
  isSame,
  tokensOf: (lefts, rights) => [lefts.map(hashNode), rights.map(hashNode)],
  groupOf: (node) => (typeof node === "string" ? "" : node.name),
};
