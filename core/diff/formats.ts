import { ExactNumber } from "./json-value.ts";

/** Forms of values that are new with every answer, and show it. */
export type VolatileFormat =
  | "date-time"
  | "http-date"
  | "uuid"
  | "ulid"
  | "token"
  | "epoch-seconds"
  | "epoch-milliseconds";

const DATE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?\s?(?:Z|[+-]\d\d:?\d\d)?$/i;
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const HEX_TOKEN = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{16,}$/i;
/** Two digits beside both cases: words in camel case hardly ever have them. */
const BASE64URL_TOKEN = /^(?=.*[a-z])(?=.*[A-Z])(?=(?:\D*\d){2})[A-Za-z0-9_-]{16,}$/;
/** Longer texts are content. */
const MAX_TOKEN_CHARS = 512;
const YEAR_MS = 366 * 24 * 3_600_000;

/** The self-evident volatile format of a JSON value; numbers only within a year of `at` (milliseconds since 1970). */
export const formatOf = (value: unknown, at: number): VolatileFormat | undefined => {
  if (typeof value === "string") return formatOfText(value, at);
  if (value instanceof ExactNumber) return formatOfNumber(Number(value.text), at);
  return typeof value === "number" ? formatOfNumber(value, at) : undefined;
};

/** Of texts, which show their format whenever they were made. */
export const isFormat = (value: unknown, format: VolatileFormat): boolean => formatOf(value, 0) === format;

/** Clocks of services and tee may be so far apart. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Are these readings of clocks, taken while the answers were made? All within clock skew of `at`, and no further apart than `spreadMs`,
 * the time that the answers took. Two lanes then agree by chance of timing, and a lane that stands alone says nothing.
 */
export const areClockReadings = (values: readonly unknown[], at: number, spreadMs: number): boolean => {
  const times = values.map(timeOf);
  if (!times.every((time) => time !== undefined && Math.abs(time - at) <= CLOCK_SKEW_MS)) return false;
  const known = times as number[];
  return Math.max(...known) - Math.min(...known) <= spreadMs;
};

/** Milliseconds since 1970; a time without a zone is taken as UTC. */
export const timeOf = (value: unknown): number | undefined => {
  if (value instanceof ExactNumber) return timeOf(Number(value.text));
  // Seconds since 1970 have ten digits from 2001 to 2286, milliseconds thirteen.
  if (typeof value === "number") return value < 1e9 ? undefined : value < 1e11 ? value * 1_000 : value;
  if (typeof value !== "string" || value.length > MAX_TOKEN_CHARS) return undefined;
  if (/^\d{10}$|^\d{13}$/.test(value)) return timeOf(Number(value));
  if (HTTP_DATE.test(value)) return Date.parse(value);
  if (!DATE_TIME.test(value)) return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`;
  return Date.parse(zoned.replace(" ", "T").replace(",", "."));
};

const formatOfText = (text: string, at: number): VolatileFormat | undefined => {
  if (text.length < 10 || text.length > MAX_TOKEN_CHARS) return undefined;
  if (DATE_TIME.test(text)) return "date-time";
  if (HTTP_DATE.test(text)) return "http-date";
  if (UUID.test(text)) return "uuid";
  if (ULID.test(text)) return "ulid";
  if (/^\d{10}$|^\d{13}$/.test(text)) return formatOfNumber(Number(text), at);
  return HEX_TOKEN.test(text) || BASE64URL_TOKEN.test(text) ? "token" : undefined;
};

const formatOfNumber = (value: number, at: number): VolatileFormat | undefined => {
  if (Math.abs(value - at) <= YEAR_MS) return "epoch-milliseconds";
  return Math.abs(value * 1_000 - at) <= YEAR_MS ? "epoch-seconds" : undefined;
};
