import type { Lane } from "../../core/capture/capture.ts";
import { LANES } from "../../core/capture/capture.ts";
import { type Random, randomOf } from "./random.ts";

/** What is filled into the texts of answers; a list is filled in with commas. */
export type Value = string | readonly string[];

/** What a value can depend on. */
interface Draw {
  readonly random: Random;
  readonly lane: Lane;
  /** Number of the request, and its time in milliseconds since 1970. */
  readonly number: number;
  readonly at: number;
  value(name: string): Value;
}

const HEX = "0123456789abcdef";
const BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const WORDS = "the a order of red shoes will arrive soon by post and we hope you like them very much today".split(" ");
const DAY_MS = 86_400_000;

const whole = ({ random }: Draw, from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
const text = (draw: Draw, alphabet: ArrayLike<string>, length: number, glue = ""): string =>
  Array.from({ length }, () => alphabet[whole(draw, 0, alphabet.length - 1)]!).join(glue);
const iso = (ms: number): string => new Date(ms).toISOString();
const around = (draw: Draw, jitterMs: string): number => draw.at + whole(draw, 0, Number(jitterMs));
const list = (draw: Draw, name: string): readonly string[] => {
  const value = draw.value(name);
  return typeof value === "string" ? [value] : value;
};
const number = (draw: Draw, name: string): number => Number(draw.value(name));
const shuffled = (draw: Draw, items: readonly string[]): string[] =>
  items
    .map((item) => [draw.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

type Make = (draw: Draw, ...args: string[]) => Value;

const MAKERS: Readonly<Record<string, Make>> = {
  int: (draw, from, to) => String(whole(draw, Number(from), Number(to))),
  decimal: (draw, from, to, digits) =>
    (Number(from) + draw.random() * (Number(to) - Number(from))).toFixed(Number(digits)),
  digits: (draw, length) => `${whole(draw, 1, 9)}${text(draw, "0123456789", Number(length) - 2)}${whole(draw, 1, 9)}`,
  pick: (draw, ...items) => items[whole(draw, 0, items.length - 1)]!,
  hex: (draw, length) => text(draw, HEX, Number(length)),
  token: (draw, length) => text(draw, BASE64, Number(length)),
  uuid: (draw) => [8, 4, 4, 4, 12].map((length) => text(draw, HEX, length)).join("-"),
  ulid: (draw) => `0${text(draw, BASE32, 25)}`,
  words: (draw, length) => text(draw, WORDS, Number(length), " "),
  list: (draw, length, kind, ...args) =>
    Array.from({ length: Number(length) }, () => MAKERS[kind!]!(draw, ...args) as string),
  run: (_draw, from, length) => Array.from({ length: Number(length) }, (_, i) => String(Number(from) + i)),
  // Times: of the answer, of the past, and of the last time that a lane looked.
  time: (draw, jitterMs) => iso(around(draw, jitterMs!)),
  epoch: (draw, jitterMs) => String(around(draw, jitterMs!)),
  seconds: (draw, jitterMs) => String(Math.floor(around(draw, jitterMs!) / 1_000)),
  httpdate: (draw, jitterMs) => new Date(around(draw, jitterMs!)).toUTCString(),
  past: (draw, days) => iso(draw.at - DAY_MS - whole(draw, 0, Number(days) * DAY_MS)),
  cached: (draw, seconds) => iso(draw.at - ((draw.at + whole(draw, 0, 1e9)) % (Number(seconds) * 1_000))),
  // Of the lane.
  instance: ({ lane }, baseline, other) => (lane === "candidate" ? other! : baseline!),
  counter: ({ lane, number: n }, step) => String((LANES.indexOf(lane) + 1) * 1_000_003 + n * Number(step)),
  // Of another value.
  fixed: (draw, name, digits) => number(draw, name!).toFixed(Number(digits)),
  float: (draw, name) => String(number(draw, name!) * (1 + 2 ** -51)),
  double: (draw, name) => String(number(draw, name!)),
  plus: (draw, name, more) => String(number(draw, name!) + Number(more)),
  lower: (draw, name) => String(draw.value(name!)).toLowerCase(),
  nfd: (draw, name) => String(draw.value(name!)).normalize("NFD"),
  shifted: (draw, name, hours) => iso(Date.parse(String(draw.value(name!))) + Number(hours) * 3_600_000),
  shuffle: (draw, name) => shuffled(draw, list(draw, name!)),
  take: (draw, name, count) => list(draw, name!).slice(0, Number(count)),
  reverse: (draw, name) => list(draw, name!).toReversed(),
  shift: (draw, name, by) => list(draw, name!).map((item) => String(Number(item) + Number(by))),
  swap: (draw, name) => list(draw, name!).with(3, list(draw, name!)[4]!).with(4, list(draw, name!)[3]!),
  drop: (draw, name, at) => list(draw, name!).toSpliced(Number(at), 1),
  // `%` is the item, `&` its number.
  each: (draw, name, ...template) =>
    list(draw, name!).map((item, i) => template.join(" ").replaceAll("%", item).replaceAll("&", String(i))),
};

/** Of a value: `scope kind …`. */
export type Specs = Readonly<Record<string, string>>;

interface Spec {
  readonly scope: string;
  readonly make: Make;
  readonly args: readonly string[];
}

const remembered = <T>(read: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? read(text);
    known.set(text, value);
    return value;
  };
};

const specOf = remembered((text): Spec => {
  const [scope = "", kind = "", ...args] = text.split(" ");
  const make = MAKERS[kind];
  if (make === undefined) throw new Error(`no such kind of value: ${text}`);
  return { scope, make, args };
});

/** Texts and names of values in turn. */
const partsOf = remembered((template) => template.split(/\$\{(\w+)\}/));

/** The values of one request: `same` in all lanes, `fresh` in each answer, or drawn once for each `lane`. */
export class Values {
  readonly #specs: Specs;
  readonly #seed: number;
  readonly #number: number;
  readonly #at: number;
  readonly #known = new Map<string, Value>();

  constructor(specs: Specs, seed: number, number: number, at: number) {
    this.#specs = specs;
    this.#seed = seed;
    this.#number = number;
    this.#at = at;
  }

  of(name: string, lane: Lane): Value {
    const text = this.#specs[name];
    if (text === undefined) throw new Error(`no such value: ${name}`);
    const { scope, make, args } = specOf(text);
    const key = scope === "same" ? name : `${lane} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const random = randomOf(`${this.#seed} ${scope === "lane" ? "" : this.#number} ${key}`);
    const value = make({ random, lane, number: this.#number, at: this.#at, value: (it) => this.of(it, lane) }, ...args);
    this.#known.set(key, value);
    return value;
  }

  fill(template: string, lane: Lane): string {
    return partsOf(template)
      .map((part, i) => (i % 2 === 0 ? part : this.of(part, lane)))
      .join("");
  }
}
