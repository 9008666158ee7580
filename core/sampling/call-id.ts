import * as z from "zod";
import { HeaderName } from "./header.ts";

/** By what the calls that belong to one request are known: its trace (W3C traceparent), or a header that services hand on. */
export const CallKey = z.union([z.literal("trace"), z.strictObject({ header: HeaderName })]);
export type CallKey = z.infer<typeof CallKey>;

/** The same as one word: `trace`, or `header:x-request-id`. */
export const CallKeyWord = z
  .string()
  .regex(/^(?:trace|header:.+)$/, "must be trace or header:<name>")
  .transform((text) => (text === "trace" ? text : { header: text.slice("header:".length) }))
  .pipe(CallKey);

export const callKeyWord = (key: CallKey): string => (key === "trace" ? key : `header:${key.header}`);

type HeaderOf = (name: string) => string | undefined;

/** W3C Trace Context: version, 32 hex digits of trace id, parent, flags. */
const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;
const NO_TRACE = "0".repeat(32);

export const traceIdOf = (traceparent: string | undefined): string | undefined => {
  const id = TRACE_ID.exec(traceparent ?? "")?.[1];
  return id === NO_TRACE ? undefined : id;
};

/** Longer ones are no id. */
const MAX_ID_CHARS = 200;

/** Under what the calls of a request are known; undefined where it says nothing. `headerOf` takes names in lower case. */
export const callIdOf = (key: CallKey, headerOf: HeaderOf): string | undefined => {
  if (key === "trace") return traceIdOf(headerOf("traceparent"));
  const id = headerOf(key.header.toLowerCase());
  return id === undefined || id === "" || id.length > MAX_ID_CHARS ? undefined : id;
};

const LAST_DIGITS = /[0-9a-f]{8}$/i;
const OTHER = 0x5ec0da7e;
const SUFFIX = "-secondary";

/**
 * The id under which the secondary gets its copy: where the baseline itself is the secondary, its calls could else not be told from
 * those of the primary. Of the same form, so that a trace id or a UUID stays one; of its own result it is the id again.
 */
export const secondaryIdOf = (id: string): string => {
  const digits = LAST_DIGITS.exec(id)?.[0];
  if (digits !== undefined) {
    const other = ((Number.parseInt(digits, 16) ^ OTHER) >>> 0).toString(16).padStart(8, "0");
    return id.slice(0, -8) + other;
  }
  return id.endsWith(SUFFIX) ? id.slice(0, -SUFFIX.length) : id + SUFFIX;
};
