import { Buffer } from "node:buffer";
import { replaceCardNumbers } from "./card-number.ts";
import { unescaped } from "./json-string.ts";
import type { Mark } from "./marker.ts";
import { MARKER } from "./marker-form.ts";

// What is secret by its own look, wherever it stands. Each alternative begins at another character and none goes back over what
// another read, so that one pass finds them all in linear time. Markers and decimal fractions are there to be stepped over.
const DECIMAL = String.raw`\d+\.\d+`;
const CARD_LIKE = String.raw`\d(?:(?:[ +-]|%20)?\d){12,}`;
/** A character as JSON may escape it. */
const ESCAPED = String.raw`\\u00[2-7][0-9a-f]`;
/** RFC 6750 2.1, and RFC 7617 2; a slash may be escaped as in JSON. */
const CREDENTIALS = String.raw`\b(?<scheme>bearer|basic)(?<space> +|%20|\+)(?!~r:)(?<secret>(?:[\w.~+/=-]|\\/|${ESCAPED})+)`;
/** RFC 7519, and RFC 7516 with five parts; cut before its first or second dot as well. The bound keeps it linear where many begin and none ends. */
const JWT = String.raw`\beyJ[\w-]{8,1024}(?:(?:\.(?:[\w-]|${ESCAPED})*){2,5}|\.eyJ[\w-]*$)`;
/** The password of a URL; a slash may be escaped as in JSON. */
const URL_PASSWORD = String.raw`(?<before>:\\?/\\?/[^\s/?#@:"'<>\\]{0,64}:)(?<!~r:)(?<password>(?:[^\s/?#@"'<>\\]|${ESCAPED}){1,256})(?=@)`;

const TOKENS = new RegExp([MARKER, DECIMAL, CARD_LIKE, CREDENTIALS, JWT, URL_PASSWORD].join("|"), "gi");

const MIN_CARD_CHARS = 13;

/** Digits, and what may stand between them. */
const CARD_CHARS = new Uint8Array(256);
for (const char of "0123456789 +-%") CARD_CHARS[char.charCodeAt(0)] = 1;

/** So many of them in a row? One of such a row is at a multiple of their number, wherever it stands: the others need no look. */
const hasCardChars = (text: string): boolean => {
  for (let at = MIN_CARD_CHARS - 1; at < text.length; at += MIN_CARD_CHARS) {
    if (CARD_CHARS[text.charCodeAt(at)] !== 1) continue;
    let from = at;
    let to = at + 1;
    while (CARD_CHARS[text.charCodeAt(from - 1)] === 1) from--;
    while (CARD_CHARS[text.charCodeAt(to)] === 1) to++;
    if (to - from >= MIN_CARD_CHARS) return true;
  }
  return false;
};

/** Most text has nothing of the kind, and these tell so in a fraction of the time: what is cheap to see, then what begins like a secret. */
const GATES: readonly (readonly [isWorthALook: (text: string) => boolean, begins: RegExp])[] = [
  [() => true, /\beyJ/i],
  [() => true, /\b(?:bearer|basic)(?: |%20|\+)/i],
  [(text) => text.includes("/"), /:\\?\/\\?\/[^\s/?#@:"'<>\\]{0,64}:/],
  [hasCardChars, /\d(?:(?:[ +-]|%20)?\d){12}/],
];

const mayHoldTokens = (text: string): boolean =>
  GATES.some(([isWorthALook, begins]) => isWorthALook(text) && begins.test(text));

interface Groups {
  readonly scheme?: string;
  readonly space: string;
  readonly secret: string;
  readonly before?: string;
  readonly password: string;
}

const isDigit = (text: string): boolean => text.charCodeAt(0) >= 0x30 && text.charCodeAt(0) <= 0x39;

/** Prose knows the word "basic" too: credentials are base64 of `user:password`. */
const isBasic = (secret: string): boolean => Buffer.from(unescaped(secret), "base64").includes(":");

/** Replaces card numbers, Bearer and Basic credentials, JWTs and passwords of URLs. */
export const redactTokens = (text: string, mark: Mark): string => {
  if (!mayHoldTokens(text)) return text;
  return text.replace(TOKENS, (found: string, ...rest: unknown[]) => {
    if (found.startsWith("~")) return found;
    if (isDigit(found)) return found.includes(".") ? found : replaceCardNumbers(found, (card) => mark("s", card));
    const { scheme, space, secret, before, password } = rest.at(-1) as Groups;
    if (before !== undefined) return before + mark("s", password);
    if (scheme === undefined) return mark("s", found);
    return scheme.toLowerCase() === "basic" && !isBasic(secret) ? found : scheme + space + mark("s", secret);
  });
};
