import { MARKER } from "../capture/marker-form.ts";
import { formatOf } from "../diff/formats.ts";

/** What is left of a lane's values once all that is new with every answer by its looks has given way to its name. */
export interface Shape {
  readonly text: string;
  /** Something did give way. */
  readonly isVolatile: boolean;
}

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?(?: ?(?:Z|[+-]\d\d:?\d\d)\b)?`;
const DATE = String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d[ -][A-Z][a-z]{2}[ -]\d{4} \d\d:\d\d:\d\d GMT`;
/** Redaction may have taken what looks like a card number out of the middle of a token. */
const RUN = `(?:[A-Za-z0-9_-]*${MARKER})+[A-Za-z0-9_-]*|[A-Za-z0-9_-]{16,}`;
const PARTS = new RegExp(`(?<time>${TIME}|${DATE})|${RUN}`, "g");
const SECRET = new RegExp(`^${MARKER}$`);
const SPLICED = new RegExp(MARKER);

/** Longer texts are content. */
const MAX_SHAPED_CHARS = 4_096;

const shapeOfText = (text: string, at: number): Shape => {
  if (text.length > MAX_SHAPED_CHARS) return { text, isVolatile: false };
  let isVolatile = false;
  const shaped = text.replace(PARTS, (part: string, time?: string) => {
    // Not every token looks like one, so that each long run gives way; one lane alone that looks like one decides nothing.
    isVolatile ||= time !== undefined || SPLICED.test(part) || formatOf(part, at) !== undefined;
    if (time !== undefined) return "<time>";
    return SECRET.test(part) ? "<secret>" : "<token>";
  });
  return { text: shaped, isVolatile };
};

const shapeOf = (value: unknown, at: number): Shape => {
  const format = formatOf(value, at);
  if (format?.startsWith("epoch")) return { text: "<epoch>", isVolatile: true };
  return typeof value === "string" ? shapeOfText(value, at) : { text: JSON.stringify(value) ?? "", isVolatile: false };
};

/** Of all values that a lane has at a place, whatever their order. */
const shapeOfAll = (values: readonly unknown[], at: number): Shape => {
  const shapes = values.map((value) => shapeOf(value, at));
  const all = [...new Set(shapes.map(({ text }) => text))].sort();
  // A secret hides how it was made.
  const open = all.filter((text) => !/^"?<secret>"?$/.test(text));
  const texts = open.length > 0 ? open : all;
  // Each with its length before it, so that no two lists have one text; as JSON, a mebibyte that is no UTF-8 takes 40 ms.
  const text = texts.map((one) => `${one.length}:${one}`).join("");
  return { text, isVolatile: shapes.some(({ isVolatile }) => isVolatile) };
};

/** All of one make, and as many as two of them show that they are new with every answer. */
const areAlike = (shapes: readonly Shape[]): boolean =>
  shapes.filter(({ isVolatile }) => isVolatile).length >= 2 && shapes.every(({ text }) => text === shapes[0]?.text);

const TIMES = new RegExp(`${TIME}|${DATE}`, "g");

/** Of the texts of one pair; all of any answer but a hostile one. */
const MAX_READ_CHARS = 262_144;

/** How the values of one pair look. Once too much was read, nothing is said any more. */
export class Looks {
  readonly #at: number;
  #left = MAX_READ_CHARS;

  /** @param at when the pair was taken, milliseconds since 1970: numbers near it are times */
  constructor(at: number) {
    this.#at = at;
  }

  #mayRead(values: readonly unknown[]): boolean {
    for (const value of values) if (typeof value === "string") this.#left -= Math.min(value.length, MAX_SHAPED_CHARS);
    return this.#left >= 0;
  }

  /**
   * Lanes that all differ, by their looks: `format` if all are alike, the lane that is made otherwise if two others are alike, else
   * undefined. Exchanging two lanes exchanges their names.
   * @param lanes the values of each lane at one place
   */
  oddOf<Lane extends string>(lanes: Readonly<Record<Lane, readonly unknown[]>>): Lane | "format" | undefined {
    const names = Object.keys(lanes) as Lane[];
    if (!this.#mayRead(names.flatMap((lane) => lanes[lane]))) return undefined;
    const shapes = names.map((lane) => shapeOfAll(lanes[lane], this.#at));
    if (areAlike(shapes)) return "format";
    return names.find((_, index) => areAlike(shapes.filter((_shape, other) => other !== index)));
  }

  /** The times within texts that are the same but for them; undefined where the texts differ otherwise, or hold none. */
  timesWithin(values: readonly unknown[]): readonly string[] | undefined {
    const texts = values.filter((value) => typeof value === "string" && value.length <= MAX_SHAPED_CHARS) as string[];
    if (texts.length < values.length || !this.#mayRead(texts)) return undefined;
    const frames = new Set(texts.map((text) => text.replace(TIMES, "<time>")));
    const times = frames.size === 1 ? texts.flatMap((text) => text.match(TIMES) ?? []) : [];
    return times.length === 0 ? undefined : times;
  }
}

/** In words, for values that are new with every answer: an example as it is shown to people. */
export const looksOf = (example: string): string => {
  const text = example.replace(/^"(.*)"$/s, "$1");
  if (SPLICED.test(text)) return "a secret";
  return text.match(TIMES) !== null || /^\d{10}(?:\d{3})?(?:\.\d+)?$/.test(text) ? "a time" : "a random id";
};
