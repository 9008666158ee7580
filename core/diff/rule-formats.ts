import { isFormat, timeOf } from "./formats.ts";

/** Forms that a rule may name. `url-host`: URLs that are equal but for scheme, host and port. */
export const RULE_FORMATS = ["uuid", "ulid", "date-time", "http-date", "epoch", "hash", "token", "url-host"] as const;
export type RuleFormat = (typeof RULE_FORMATS)[number];

const HASH = /^(?:[0-9a-f]{8,128}|[0-9A-F]{8,128}|[A-Za-z0-9+/_-]{16,128}={0,2})$/;
const EPOCH = /^-?\d{9,13}(?:\.\d+)?$/;

type Test = (left: unknown, right: unknown, withinMs: number) => boolean;

const both =
  (test: (value: unknown) => boolean): Test =>
  (left, right) =>
    test(left) && test(right);

/** Both are times, and no further apart than that. */
const times =
  (isTime: (value: unknown) => boolean): Test =>
  (left, right, withinMs) => {
    if (!isTime(left) || !isTime(right)) return false;
    const [a, b] = [timeOf(left), timeOf(right)];
    return a !== undefined && b !== undefined && Math.abs(a - b) <= withinMs;
  };

const isText = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);

const withoutHost = (value: unknown): string | undefined => {
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  const { pathname, search, hash, host } = new URL(value);
  return host === "" ? undefined : `${pathname}${search}${hash}`;
};

const TESTS: Readonly<Record<RuleFormat, Test>> = {
  uuid: both((value) => isFormat(value, "uuid")),
  ulid: both((value) => isFormat(value, "ulid")),
  "date-time": times((value) => isFormat(value, "date-time")),
  "http-date": times((value) => isFormat(value, "http-date")),
  epoch: times((value) => EPOCH.test(String(value))),
  hash: both(isText(HASH)),
  token: both((value) => isFormat(value, "token")),
  "url-host": (left, right) => {
    const rest = withoutHost(left);
    return rest !== undefined && rest === withoutHost(right);
  },
};

/** Are both values of the form, and times no further apart than `withinMs`? */
export const areOfFormat = (
  format: RuleFormat,
  left: unknown,
  right: unknown,
  withinMs = Number.POSITIVE_INFINITY,
): boolean => TESTS[format](left, right, withinMs);
