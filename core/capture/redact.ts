import { Buffer } from "node:buffer";
import { bufferOf } from "./buffer.ts";
import type { HeaderList } from "./capture.ts";
import { endpointOf, ID } from "./endpoint.ts";
import { JsonPointers } from "./json-pointers.ts";
import { unescaped } from "./json-string.ts";
import { createKeyedHash } from "./keyed-hash.ts";
import { createMark, type Mark } from "./marker.ts";
import { Patterns } from "./patterns.ts";
import { redactHeader } from "./redact-header.ts";
import { redactJson } from "./redact-json.ts";
import { redactParameters } from "./redact-parameters.ts";
import { redactRuledEvents, redactRuledJson } from "./redact-ruled-json.ts";
import { createInPaths, redactInTarget } from "./redact-target.ts";
import { redactAssignments, redactMarkup, redactParts } from "./redact-text.ts";
import { redactTokens } from "./redact-tokens.ts";
import { NO_REDACTION, type Redaction } from "./redaction.ts";
import { remembered } from "./remembered.ts";
import { createSecretNames, type IsSecretName, withNames } from "./secret-names.ts";

/**
 * Replaces secret values by markers, so that nothing unredacted leaves the process and a comparison still sees what changed. What is
 * replaced is decided by names (headers, JSON keys, parameters, fields), by looks (card numbers, Bearer credentials, JWTs) and by what is
 * declared. Redacting twice is redacting once.
 */
export interface Redactor {
  headers(list: HeaderList): HeaderList;
  /** A request target, or any URL. */
  target(target: string): string;
  /** Content without its content coding; the same bytes where nothing is secret. */
  body(content: Uint8Array, contentType: string | undefined): Uint8Array;
  /** As `endpointOf`: a step with a secret in it is an id. */
  endpoint(method: string, target: string): string;
}

interface Secrets {
  readonly mark: Mark;
  readonly isSecretName: IsSecretName;
  readonly isSecretParameter: IsSecretName;
  /** Parameters that are secret by declaration alone; undefined where there are none. */
  readonly isDeclaredParameter: IsSecretName | undefined;
  readonly redactWithin: (value: string) => string;
}

type Pass = (text: string, secrets: Secrets) => string;

const inJson: Pass = (text, secrets) => {
  const isSecretNumber = (raw: string) => redactTokens(raw, secrets.mark) !== raw;
  return redactJson(text, { ...secrets, isSecretNumber });
};
const inJsonStrings: Pass = (text, secrets) => redactAssignments(text, { ...secrets, isInJson: true });
const inText: Pass = (text, secrets) => redactAssignments(text, { ...secrets, isInJson: false });
const inMarkup: Pass = redactMarkup;
const inParts: Pass = (text, { mark, isSecretParameter }) => redactParts(text, mark, isSecretParameter);
const inParameters: Pass = redactParameters;
const tokens: Pass = (text, { mark }) => redactTokens(text, mark);

const ESCAPED_ASCII = /\\u00[2-7][0-9a-f]/i;
/** To the end where it is not closed, so that each part of the text is read once. */
const STRING = /"((?:[^"\\]|\\[\s\S]?)*)("?)/g;

/** What escapes that JSON does not need have hidden, such as the `+` of base64 as `\u002B`: such a string is secret as a whole. */
const inEscapes: Pass = (text, secrets) => {
  if (!ESCAPED_ASCII.test(text)) return text;
  return text.replace(STRING, (found, raw: string, end: string) => {
    if (!ESCAPED_ASCII.test(raw)) return found;
    const plain = unescaped(raw);
    return tokens(inText(plain, secrets), secrets) === plain ? found : `"${secrets.mark("s", plain)}${end}`;
  });
};

const JSON_PASSES: readonly Pass[] = [inJson, inJsonStrings, tokens, inEscapes];
const FORM_PASSES: readonly Pass[] = [tokens, inParameters];
const TEXT_PASSES: readonly Pass[] = [inText, inMarkup, inParts, tokens];

const JSON_TYPE = /[/+](?:json|x-ndjson|ndjson|jsonl|json-seq|event-stream)\b/i;
const EVENTS_TYPE = /^\s*text\/event-stream\b/i;
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\b/i;
const JSON_START = /^(?:\xef\xbb\xbf)?\s*[[{]/;

type Format = "json" | "events" | "form" | "text";

/** What looks like JSON is read as such whatever it is said to be: `curl -d` calls everything a form. */
const formatOf = (text: string, contentType: string): Format => {
  if (JSON_START.test(text)) return "json";
  if (JSON_TYPE.test(contentType)) return EVENTS_TYPE.test(contentType) ? "events" : "json";
  return FORM_TYPE.test(contentType) ? "form" : "text";
};

/** Defaults first: what is declared is looked for in what they left. */
const passesOf = ({ json, patterns: given, emails }: Redaction): Readonly<Record<Format, readonly Pass[]>> => {
  const hasPatterns = emails || given.length > 0;
  const pointers = new JsonPointers(json);
  const patterns = new Patterns(given, emails);
  const inPatterns: Pass = (text, { mark }) => patterns.redact(text, mark);
  /** Where no pointer can be followed to its end, the names they end with are secret. */
  const inBroken: Pass = (text, { mark }) =>
    patterns.redact(redactJson(text, { mark, isSecretName: pointers.endsAt, isSecretNumber: () => false }), mark);
  const ruled =
    (redact: typeof redactRuledJson): Pass =>
    (text, secrets) => {
      // Escapes hide what a pattern needs.
      if (json.length === 0 && !text.includes("\\u") && !patterns.canMatch(text)) return text;
      const { text: redacted, isWhole } = redact(text, { mark: secrets.mark, pointers, patterns });
      return isWhole ? redacted : inBroken(redacted, secrets);
    };
  const hasJson = hasPatterns || json.length > 0;
  const more = hasPatterns ? [inPatterns] : [];
  return {
    json: hasJson ? [...JSON_PASSES, ruled(redactRuledJson)] : JSON_PASSES,
    events: hasJson ? [...JSON_PASSES, ruled(redactRuledEvents)] : JSON_PASSES,
    form: [...FORM_PASSES, ...more],
    text: [...TEXT_PASSES, ...more],
  };
};

/** Of a header line `name:value`. Beyond cookies and tokens, what callers send is the same few lines. */
const MAX_REMEMBERED_CHARS = 512;

/**
 * `key` must never leave the process: whoever has it can try values.
 * @throws SyntaxError for a pattern that was not checked
 */
export const createRedactor = (key: Uint8Array, redaction: Redaction = NO_REDACTION): Redactor => {
  const passes = passesOf(redaction);
  const run = (of: readonly Pass[], text: string): string => of.reduce((passed, pass) => pass(passed, secrets), text);
  const redactContent = (text: string, contentType: string): string => run(passes[formatOf(text, contentType)], text);

  const isSecretName = createSecretNames(redaction);
  const secrets: Secrets = {
    mark: createMark(createKeyedHash(key)),
    isSecretName,
    ...withNames(isSecretName, redaction.parameters),
    redactWithin: (value) => redactContent(value, ""),
  };
  const inPaths = redaction.paths.length === 0 ? undefined : createInPaths(redaction.paths);
  // What is declared of text is looked for in the whole target as well.
  const more = passes.text.slice(TEXT_PASSES.length);
  const redactTarget = (target: string): string => {
    const text = redactInTarget(tokens(target, secrets), secrets);
    return run(more, inPaths === undefined ? text : inPaths(text, (step) => secrets.mark("s", step)));
  };

  const headerSecrets = {
    ...secrets,
    secretHeaders: new Set(redaction.headers.map((name) => name.toLowerCase())),
    redactTarget,
    redactText: (text: string) => run(more, tokens(inText(text, secrets), secrets)),
  };
  const redactLine = remembered((line) => {
    const colon = line.indexOf(":");
    return redactHeader(line.slice(0, colon).toLowerCase(), line.slice(colon + 1), headerSecrets);
  }, MAX_REMEMBERED_CHARS);
  const redactEndpoint = remembered((endpoint) => {
    const redacted = redactTarget(endpoint);
    return redacted === endpoint ? endpoint : redacted.replace(/[^/ ]*~r:[^/]*/g, ID);
  }, MAX_REMEMBERED_CHARS);
  return {
    headers: (list) => list.map(([name, value]) => [name, redactLine(`${name}:${value}`)] as const),
    target: redactTarget,
    body: (content, contentType = "") => {
      // Latin-1 loses no byte and every name and pattern is ASCII, so what is no UTF-8 is redacted as well.
      const text = bufferOf(content).toString("latin1");
      const redacted = redactContent(text, contentType);
      return redacted === text ? content : Buffer.from(redacted, "latin1");
    },
    endpoint: (method, target) =>
      redactEndpoint(endpointOf(method, inPaths === undefined ? target : inPaths(target, () => ID))),
  };
};
