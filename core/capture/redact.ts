import { Buffer } from "node:buffer";
import { bufferOf } from "./buffer.ts";
import type { HeaderList } from "./capture.ts";
import { createKeyedHash } from "./keyed-hash.ts";
import { createMark, type Mark } from "./marker.ts";
import { redactJson } from "./redact-json.ts";
import { redactParameters } from "./redact-parameters.ts";
import { redactAssignments, redactMarkup, redactParts } from "./redact-text.ts";
import { redactTokens } from "./redact-tokens.ts";
import { remembered } from "./remembered.ts";
import { createSecretNames, type IsSecretName } from "./secret-names.ts";

/**
 * Replaces secret values by markers, so that nothing unredacted leaves the process and a comparison still sees what changed. What is
 * replaced is decided by names (headers, JSON keys, parameters, fields) and by looks (card numbers, Bearer credentials, JWTs).
 * Redacting twice is redacting once.
 */
export interface Redactor {
  headers(list: HeaderList): HeaderList;
  /** A request target, or any URL. */
  target(target: string): string;
  /** Content without its content coding; the same bytes where nothing is secret. */
  body(content: Uint8Array, contentType: string | undefined): Uint8Array;
}

interface Secrets {
  readonly mark: Mark;
  readonly isSecretName: IsSecretName;
}

type Pass = (text: string, secrets: Secrets) => string;

const inJson: Pass = (text, secrets) => {
  const isSecretNumber = (raw: string) => redactTokens(raw, secrets.mark) !== raw;
  return redactJson(text, { ...secrets, isSecretNumber });
};
const inJsonStrings: Pass = (text, secrets) => redactAssignments(text, { ...secrets, isInJson: true });
const inText: Pass = (text, secrets) => redactAssignments(text, { ...secrets, isInJson: false });
const inMarkup: Pass = (text, { mark, isSecretName }) => redactMarkup(text, mark, isSecretName);
const inParts: Pass = (text, { mark, isSecretName }) => redactParts(text, mark, isSecretName);
const inParameters: Pass = (text, secrets) =>
  redactParameters(text, { ...secrets, redactWithin: (value) => redactContent(value, "", secrets) });
const tokens: Pass = (text, { mark }) => redactTokens(text, mark);

const JSON_PASSES: readonly Pass[] = [inJson, inJsonStrings, tokens];
const FORM_PASSES: readonly Pass[] = [tokens, inParameters];
const TEXT_PASSES: readonly Pass[] = [inText, inMarkup, inParts, tokens];

const JSON_TYPE = /[/+](?:json|x-ndjson|ndjson|jsonl|json-seq|event-stream)\b/i;
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\b/i;
const JSON_START = /^(?:\xef\xbb\xbf)?\s*[[{]/;

/** What looks like JSON is read as such whatever it is said to be: `curl -d` calls everything a form. */
const passesOf = (text: string, contentType: string): readonly Pass[] => {
  if (JSON_START.test(text) || JSON_TYPE.test(contentType)) return JSON_PASSES;
  return FORM_TYPE.test(contentType) ? FORM_PASSES : TEXT_PASSES;
};

const redactContent = (text: string, contentType: string, secrets: Secrets): string =>
  passesOf(text, contentType).reduce((passed, pass) => pass(passed, secrets), text);

/** Schemes whose name is no secret (the IANA registry, and common ones). */
const AUTHORIZATION =
  /^(basic|bearer|digest|dpop|hoba|mutual|negotiate|ntlm|token|apikey|aws4-hmac-sha256|hmac)( +)(.+)$/is;
/** Challenges: what they hold is for everyone to read. */
const CHALLENGES: ReadonlySet<string> = new Set(["www-authenticate", "proxy-authenticate"]);

const redactAuthorization = (value: string, mark: Mark): string => {
  const parts = AUTHORIZATION.exec(value);
  return parts === null ? mark("s", value) : `${parts[1]}${parts[2]}${mark("s", parts[3]!)}`;
};

/** `name=value`: the value; a cookie without a name is all value. An empty value, which deletes a cookie, is no secret. */
const redactCookie = (cookie: string, mark: Mark): string => {
  const rest = cookie.slice(cookie.indexOf("=") + 1);
  const value = rest.trim();
  if (value === "") return cookie;
  const from = cookie.length - rest.trimStart().length;
  return cookie.slice(0, from) + mark("s", value) + cookie.slice(from + value.length);
};

const redactSetCookie = (value: string, mark: Mark): string => {
  const end = value.indexOf(";");
  return end === -1 ? redactCookie(value, mark) : redactCookie(value.slice(0, end), mark) + value.slice(end);
};

const redactHeader = (name: string, value: string, secrets: Secrets): string => {
  const { mark, isSecretName } = secrets;
  if (value === "" || CHALLENGES.has(name)) return value;
  if (name === "authorization" || name === "proxy-authorization") return redactAuthorization(value, mark);
  if (name === "cookie")
    return value
      .split(";")
      .map((cookie) => redactCookie(cookie, mark))
      .join(";");
  if (name === "set-cookie") return redactSetCookie(value, mark);
  if (isSecretName(name)) return mark("s", value);
  return tokens(inText(value, secrets), secrets);
};

const redactTarget: Pass = (target, secrets) => {
  const text = tokens(target, secrets);
  const query = text.indexOf("?") + 1;
  return query === 0 ? text : text.slice(0, query) + inParameters(text.slice(query), secrets);
};

/** Of a header line `name:value`. Beyond cookies and tokens, what callers send is the same few lines. */
const MAX_REMEMBERED_CHARS = 512;

/** `key` must never leave the process: whoever has it can try values. */
export const createRedactor = (key: Uint8Array): Redactor => {
  const secrets: Secrets = { mark: createMark(createKeyedHash(key)), isSecretName: createSecretNames() };
  const redactLine = remembered((line) => {
    const colon = line.indexOf(":");
    return redactHeader(line.slice(0, colon).toLowerCase(), line.slice(colon + 1), secrets);
  }, MAX_REMEMBERED_CHARS);
  return {
    headers: (list) => list.map(([name, value]) => [name, redactLine(`${name}:${value}`)] as const),
    target: (target) => redactTarget(target, secrets),
    body: (content, contentType = "") => {
      // Latin-1 loses no byte and every name and pattern is ASCII, so what is no UTF-8 is redacted as well.
      const text = bufferOf(content).toString("latin1");
      const redacted = redactContent(text, contentType, secrets);
      return redacted === text ? content : Buffer.from(redacted, "latin1");
    },
  };
};
