import { formatOf } from "../diff/formats.ts";

/** What is left of a lane's values once all that is new with every answer by its looks has given way to its name. */
export interface Shape {
  readonly text: string;
  /** Something did give way. */
  readonly isVolatile: boolean;
}

const MARKER = "~r:[snbzoa]:[0-9a-f]{16}";
const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?(?: ?(?:Z|[+-]\d\d:?\d\d)\b)?`;
const DATE = String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d[ -][A-Z][a-z]{2}[ -]\d{4} \d\d:\d\d:\d\d GMT`;
const RUN = "[A-Za-z0-9_-]{16,}";
const PARTS = new RegExp(`(?<secret>${MARKER})|(?<time>${TIME}|${DATE})|(?<run>${RUN})`, "g");

/** Longer texts are content. */
const MAX_SHAPED_CHARS = 4_096;

const shapeOfText = (text: string, at: number): Shape => {
  if (text.length > MAX_SHAPED_CHARS) return { text, isVolatile: false };
  let isVolatile = false;
  const shaped = text.replace(PARTS, (part, secret, time) => {
    // Not every token looks like one, so that each long run gives way; one lane alone that looks like one decides nothing.
    isVolatile ||= secret !== undefined || time !== undefined || formatOf(part, at) !== undefined;
    if (secret !== undefined) return "<secret>";
    return time === undefined ? "<token>" : "<time>";
  });
  return { text: shaped, isVolatile };
};

const shapeOf = (value: unknown, at: number): Shape => {
  const format = formatOf(value, at);
  if (format?.startsWith("epoch")) return { text: "<epoch>", isVolatile: true };
  if (format === "uuid") return { text: "<uuid>", isVolatile: true };
  return typeof value === "string" ? shapeOfText(value, at) : { text: JSON.stringify(value) ?? "", isVolatile: false };
};

/** Of all values that a lane has at a place, whatever their order. */
const shapeOfAll = (values: readonly unknown[], at: number): Shape => {
  const shapes = values.map((value) => shapeOf(value, at));
  const texts = [...new Set(shapes.map(({ text }) => text))].sort();
  return { text: JSON.stringify(texts), isVolatile: shapes.some(({ isVolatile }) => isVolatile) };
};

/** All of one make, and as many as two of them show that they are new with every answer. */
const areAlike = (shapes: readonly Shape[]): boolean =>
  shapes.filter(({ isVolatile }) => isVolatile).length >= 2 && shapes.every(({ text }) => text === shapes[0]?.text);

/**
 * Lanes that all differ, by their looks: `format` if all are alike, the lane that is made otherwise if two others are alike, else
 * undefined. Exchanging two lanes exchanges their names.
 * @param lanes the values of each lane at one place
 */
export const oddShape = <Lane extends string>(
  lanes: Readonly<Record<Lane, readonly unknown[]>>,
  at: number,
): Lane | "format" | undefined => {
  const names = Object.keys(lanes) as Lane[];
  const shapes = names.map((lane) => shapeOfAll(lanes[lane], at));
  if (areAlike(shapes)) return "format";
  return names.find((_, index) => areAlike(shapes.filter((_shape, other) => other !== index)));
};
