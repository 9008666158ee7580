import { percent } from "../../../core/report/text.ts";
import type { Finding, Rule } from "../../api-shapes.js";
import { readLossless } from "../answers/json-rows.ts";

/** A way in which the place of a finding may be let differ. */
export interface Proposal {
  readonly verb: "ignore" | "tolerance" | "orderFree" | "keyedBy" | "set";
  readonly title: string;
  readonly meaning: string;
  /** The place that the rule names. */
  readonly place: string;
  /** What must be said beside, as it is proposed; left out where nothing must. */
  readonly value?: string;
  readonly label?: string;
}

/** Rules that fit what the examples show, the mildest first. */
export const proposalsOf = (finding: Finding): readonly Proposal[] => [
  ...orderOf(finding),
  ...keyOf(finding),
  ...toleranceOf(finding),
  ...setOf(finding),
  {
    verb: "ignore",
    title: "Ignore it",
    meaning: "in any way: nothing is said of this place any more",
    place: finding.place,
  },
];

const NUMBER = /^"?-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"?$/i;

const toleranceOf = ({ place, kind, examples }: Finding): readonly Proposal[] => {
  const values = examples.map(({ primary, candidate }) => [primary, candidate] as const);
  if (kind !== "value" || values.length === 0 || !values.flat().every((value) => NUMBER.test(value))) return [];
  const apart = Math.max(...values.map(([a, b]) => apartOf(numberIn(a), numberIn(b))));
  return [
    {
      verb: "tolerance",
      title: "Tolerate so much",
      meaning: `numbers may differ by a share of the larger one; the examples differ by up to ${percent(apart)}`,
      place,
      value: percent(Math.min(1, roundedUp(apart))),
      label: "At most",
    },
  ];
};

const numberIn = (text: string): number => Number(text.replaceAll('"', ""));
const apartOf = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));
/** To two digits. */
const roundedUp = (share: number): number => {
  if (share === 0) return 0.01;
  const step = 10 ** (Math.floor(Math.log10(share)) - 1);
  return Number((Math.ceil(share / step) * step).toPrecision(2));
};

const orderOf = ({ place, kind }: Finding): readonly Proposal[] =>
  kind === "order" && !place.startsWith("header/")
    ? [{ verb: "orderFree", title: "In any order", meaning: "the same items may stand in another order", place }]
    : [];

const NAMES_OF_KEYS = ["id", "uuid", "key", "sku", "code", "name", "slug"];

/** The list that the place is, or is in. */
const keyOf = ({ place, kind, examples }: Finding): readonly Proposal[] => {
  if (!place.startsWith("body/")) return [];
  const isList = kind === "order" || kind === "length";
  const list = isList ? place : place.slice(0, place.lastIndexOf("/*"));
  if (!isList && !place.includes("/*")) return [];
  return [
    {
      verb: "keyedBy",
      title: "By a key",
      meaning: "items of the list belong together by the value of a field, wherever they stand",
      place: list,
      value: guessedKey(examples.map(({ primary }) => primary)) ?? "id",
      label: "Field that names an item",
    },
  ];
};

const guessedKey = (texts: readonly string[]): string | undefined => {
  for (const text of texts) {
    const value = readLossless(text)?.value;
    const [item] = Array.isArray(value) ? value : [];
    if (typeof item === "object" && item !== null) return NAMES_OF_KEYS.find((name) => Object.hasOwn(item, name));
    // Clipped ones are no JSON any more.
    const found = /^\[\{(.*)/s.exec(text)?.[1];
    if (found !== undefined) return NAMES_OF_KEYS.find((name) => found.includes(`"${name}":`));
  }
  return undefined;
};

const setOf = ({ place, kind }: Finding): readonly Proposal[] =>
  kind === "header" && place.startsWith("header/")
    ? [{ verb: "set", title: "As a set", meaning: "values between commas, in any order", place }]
    : [];

interface Rest {
  readonly endpoint: string | undefined;
  readonly because: string;
}

/** Undefined where the value beside it is missing or is none. */
export const ruleOf = ({ verb, place }: Proposal, value: string, { endpoint, because }: Rest): Rule | undefined => {
  const rest = { ...(endpoint && { endpoint }), ...(because.trim() && { because: because.trim() }) };
  if (verb === "ignore") return { ...rest, ignore: place };
  if (verb === "orderFree") return { ...rest, orderFree: place };
  if (verb === "set") return { ...rest, set: place };
  if (verb === "keyedBy") return value.trim() === "" ? undefined : { ...rest, keyedBy: place, key: value.trim() };
  const relative = shareIn(value);
  return relative === undefined ? undefined : { ...rest, tolerance: place, relative };
};

/** `1 %` and `0.01` are the same. */
const shareIn = (text: string): number | undefined => {
  const [, digits, sign] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const share = sign === "%" ? Number((Number(digits) / 100).toPrecision(12)) : Number(digits);
  return share > 0 && share <= 1 ? share : undefined;
};
