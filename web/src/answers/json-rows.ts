import { readExact } from "../../../core/diff/json-exact.ts";
import { isMapLike, stepOf } from "../../../core/diff/json-place.ts";
import { ExactNumber, isContainer, numberText, RepeatedKey } from "../../../core/diff/json-value.ts";
import { aligned } from "./align.ts";

/** What one lane has at a row: nothing, the text of a value, or a container whose values stand below. */
export type Cell =
  | { readonly kind: "absent" }
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "container"; readonly text: string };

export interface Row {
  /** Unique, and the same for the same answers. */
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  /** As findings name it. */
  readonly place: string;
  /** One for each lane. */
  readonly cells: readonly Cell[];
  /** Which lanes have something else here, or below, than the first. */
  readonly differs: readonly boolean[];
  /** Undefined: there is nothing below. */
  readonly isOpen: boolean | undefined;
}

interface Node {
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  readonly place: string;
  /** `undefined` where the lane has nothing here; JSON has no such value. */
  readonly values: readonly unknown[];
}

/** More rows make no page that anybody reads; what is closed is not counted. */
export const MAX_ROWS = 3_000;
const MAX_VALUE_CHARS = 2_000;
/** Steps below the body; what lies deeper is said to be there, and no more. */
const MAX_DEPTH = 200;
const DEEPER = "… (deeper)";

/** JSON without loss; undefined where the text is none. */
export const readLossless = (text: string): { readonly value: unknown } | undefined => {
  try {
    JSON.parse(text);
    return { value: readExact(text) };
  } catch {
    return undefined;
  }
};

/** The answers of the lanes as one tree. `isOpen` says of a container whether it is open; by default where something differs below. */
export const rowsOf = (values: readonly unknown[], isOpen: (path: string, fallback: boolean) => boolean): Row[] => {
  const rows: Row[] = [];
  const visit = (node: Node): void => {
    if (rows.length >= MAX_ROWS) return;
    const { values, depth } = node;
    const differs = values.map((value) => !isSame(value, values[0]));
    const present = values.filter((value) => value !== undefined);
    const isFull = present.some((value) => isContainer(value) && sizeOf(value) > 0);
    const hasBelow = isFull && depth < MAX_DEPTH && areAlike(present);
    const open = hasBelow ? isOpen(node.path, depth === 0 || differs.includes(true)) : undefined;
    const { path, name, place } = node;
    rows.push({
      path,
      depth,
      name,
      place,
      differs,
      isOpen: open,
      cells: values.map((value) => cellOf(value, hasBelow)),
    });
    if (open) for (const child of childrenOf(node, present)) visit(child);
  };
  visit({ path: "$", depth: 0, name: "", place: "body", values });
  return rows;
};

/** All lists, or all objects: their values can stand side by side. */
const areAlike = (present: readonly unknown[]): boolean => {
  const isList = Array.isArray(present[0]);
  return present.every(
    (value) => isContainer(value) && Array.isArray(value) === isList && !(value instanceof RepeatedKey),
  );
};

const childrenOf = ({ path, depth, place, values }: Node, present: readonly unknown[]): Node[] => {
  if (Array.isArray(present[0])) {
    const lists = values.map((value) => (Array.isArray(value) ? (value as unknown[]) : []));
    return aligned(lists.map((list) => list.map((item) => textOf(item)))).map((indexes) => {
      const at = indexes.find((index) => index !== undefined) ?? 0;
      const name = indexes[0] === undefined ? `+${at}` : String(at);
      const items = indexes.map((index, lane) => (index === undefined ? undefined : lists[lane]![index]));
      return { path: `${path}/${name}`, depth: depth + 1, name, place: `${place}/*`, values: items };
    });
  }
  const objects = values.map((value) => (value ?? {}) as Readonly<Record<string, unknown>>);
  const keys = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const isMap = isMapLike(Object.keys(objects[0]!));
  return keys.map((key) => ({
    path: `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    depth: depth + 1,
    name: key,
    place: `${place}/${stepOf(key, isMap)}`,
    values: objects.map((object) => (Object.hasOwn(object, key) ? object[key] : undefined)),
  }));
};

const sizeOf = (value: object): number => (Array.isArray(value) ? value : Object.keys(value)).length;

const cellOf = (value: unknown, hasBelow: boolean): Cell => {
  if (value === undefined) return { kind: "absent" };
  if (!hasBelow || !isContainer(value)) return { kind: "value", text: clipped(textOf(value)) };
  const size = sizeOf(value);
  return { kind: "container", text: Array.isArray(value) ? `[${size}]` : `{${size}}` };
};

const clipped = (text: string): string => (text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text);

const texts = new WeakMap<object, string>();

/** As JSON, with numbers as they were written; the same for equal values. */
export const textOf = (value: unknown, depth = 0): string => {
  if (value instanceof ExactNumber || typeof value === "number") return numberText(value);
  if (!isContainer(value)) return JSON.stringify(value);
  if (depth > MAX_DEPTH) return DEEPER;
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = containerText(value, depth + 1);
  texts.set(value, text);
  return text;
};

const containerText = (value: object, depth: number): string => {
  if (value instanceof RepeatedKey) return value.values.map((one) => textOf(one, depth)).join(" and again ");
  if (Array.isArray(value)) return `[${value.map((one) => textOf(one, depth)).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${textOf(member, depth)}`).join(",")}}`;
};

const isSame = (a: unknown, b: unknown): boolean => {
  if (a === undefined || b === undefined) return a === b;
  return textOf(a) === textOf(b);
};
