import { formatOf, type VolatileFormat } from "../diff/formats.ts";
import type { RuleFormat } from "../diff/rule-formats.ts";
import { areOfFormat } from "../diff/rule-formats.ts";
import type { Rule } from "../diff/rules.ts";
import { similarity } from "../diff/similarity.ts";
import { isWithin } from "../diff/tolerance.ts";
import type { Example } from "../noise/facts.ts";

/** What a rule may say of a place instead of ignoring it, and why, in words. */
export interface Form {
  readonly says: Pick<Rule, "is" | "relative" | "atLeast">;
  readonly verb: "format" | "tolerance" | "set" | "similar";
  readonly why: string;
}

/** Two values of one example that differ. */
interface Differing {
  readonly left: unknown;
  readonly right: unknown;
  readonly at: number;
}

type Find = (all: readonly Differing[], place: string) => Form | undefined;

const RULE_FORMAT: Readonly<Record<VolatileFormat, RuleFormat>> = {
  "date-time": "date-time",
  "http-date": "http-date",
  uuid: "uuid",
  ulid: "ulid",
  token: "token",
  "epoch-seconds": "epoch",
  "epoch-milliseconds": "epoch",
};

const SHORT_HASH = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}$/i;

const formatOfAll = (all: readonly Differing[]): RuleFormat | undefined => {
  const formats = new Set(all.flatMap(({ left, right, at }) => [formatOf(left, at), formatOf(right, at)]));
  const [format] = formats;
  if (formats.size === 1 && format !== undefined) return RULE_FORMAT[format];
  if (all.every(({ left, right }) => SHORT_HASH.test(String(left)) && SHORT_HASH.test(String(right)))) return "hash";
  return all.every(({ left, right }) => areOfFormat("url-host", left, right)) ? "url-host" : undefined;
};

const FORMAT_WORDS: Readonly<Record<RuleFormat, string>> = {
  uuid: "each value is a UUID",
  ulid: "each value is a ULID",
  "date-time": "each value is a time",
  "http-date": "each value is a time",
  epoch: "each value is a time, in seconds or milliseconds",
  hash: "each value is a hash",
  token: "each value is a random token",
  "url-host": "the URLs are equal but for their host",
};

const format: Find = (all) => {
  const is = formatOfAll(all);
  return is && { verb: "format", says: { is }, why: FORMAT_WORDS[is] };
};

/** Numbers further apart are no rounding. */
const MAX_RELATIVE = 0.05;

/** Up to one digit: 0.0123 is 0.02. */
const roundedUp = (value: number): number => {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit) * unit).toPrecision(1));
};

const tolerance: Find = (all) => {
  if (!all.every(({ left, right }) => isWithin(left, right, { relative: MAX_RELATIVE }))) return undefined;
  const apart = all.map(({ left, right }) => {
    const [a, b] = [Number(left), Number(right)];
    return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  });
  const most = Math.max(...apart);
  const relative = roundedUp(2 * most);
  const why = `the numbers are at most ${Number((100 * most).toPrecision(2))} % apart; twice that is allowed`;
  return { verb: "tolerance", says: { relative }, why };
};

const membersOf = (value: unknown): string =>
  [
    ...new Set(
      String(value)
        .split(",")
        .map((member) => member.trim()),
    ),
  ]
    .sort()
    .join();

const set: Find = (all, place) =>
  place.startsWith("header/") && all.every(({ left, right }) => membersOf(left) === membersOf(right))
    ? { verb: "set", says: {}, why: "the members are the same, in another order" }
    : undefined;

const MIN_WORDS = 5;

const prose: Find = (all) => {
  const isProse = (value: unknown): value is string =>
    typeof value === "string" && value.trim().split(/\s+/).length >= MIN_WORDS;
  const shares = all.map(({ left, right }) => (isProse(left) && isProse(right) ? similarity(left, right) : 0));
  const least = Math.floor(10 * Math.min(...shares)) / 10;
  if (least < 0.5) return undefined;
  return { verb: "similar", says: { atLeast: least }, why: "the texts say much the same in other words" };
};

/** The narrowest first: what it leaves to be compared is the most. */
const FORMS: readonly Find[] = [format, set, tolerance, prose];

/** Where all values seen at a place share a form, a rule for it hides less than one that ignores them. */
export const sharedForm = (place: string, examples: readonly Example[]): Form | undefined => {
  const all = examples.flatMap((example) => differingIn(place, example));
  if (all.length === 0) return undefined;
  for (const find of FORMS) {
    const found = find(all, place);
    if (found !== undefined) return found;
  }
  return undefined;
};

const differingIn = (place: string, { primary, candidate, secondary, at }: Example): Differing[] => {
  const valued = (text: string): unknown => (place.startsWith("body") ? jsonOr(text) : text);
  return [candidate, secondary]
    .filter((other) => other !== undefined && other !== primary)
    .map((other) => ({ left: valued(primary), right: valued(other as string), at }));
};

/** The JSON value that the text shows; itself where it shows none. */
const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
