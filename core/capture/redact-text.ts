import type { Mark, MarkedType } from "./marker.ts";
import type { IsSecretName } from "./secret-names.ts";

const MAX_NAME_CHARS = 128;

/** What `name = value` is written with. In JSON text names and values with quotes of their own are inside strings: `\"pin\":1`. */
export interface AssignmentStyle {
  readonly isInJson: boolean;
}

const isNameChar = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) ||
  code === 0x5f ||
  code === 0x2d ||
  code === 0x2e;

const SEPARATOR = /[=:]/g;
/** Not behind an unescaped quote: that is the colon behind a key, which is no text. */
const SEPARATOR_IN_JSON = /[=:](?<!(?<!\\)"[=:])/g;
/** Where a value may begin: behind spaces, and a quote that may be escaped. */
const VALUE_START = /[ \t]{0,8}((?:\\{1,7}|%)?["']|%22|)/y;
const SCHEME = "(?:(?:basic|bearer|digest|negotiate|token|apikey) +)?";
const BARE_VALUE = new RegExp(String.raw`${SCHEME}[^\s"'&<>;,{}[\]()]+`, "iy");
const BARE_VALUE_IN_JSON = new RegExp(String.raw`${SCHEME}(?:[^\s"'\\&<>;,{}[\]()]|\\/|\\u[0-9a-f]{4})+`, "iy");
/** Header lines quoted in text: their values have spaces and semicolons. */
const HEADER_NAME = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i;
const LINE = /[^\r\n]+/y;
const LINE_IN_JSON = /[^\r\n"\\]+/y;
const SCALAR = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;

interface Name {
  readonly from: number;
  readonly text: string;
  /** The quote behind the name, with its escapes; "" for none. */
  readonly quote: string;
}

/** The name that ends where the separator stands. Reads back no further than the separator before, so all names together are linear. */
const nameBefore = (text: string, separator: number, isInJson: boolean): Name | undefined => {
  let end = separator;
  if (text[end - 1] === " ") end--;
  let quote = "";
  if (text[end - 1] === '"' || text[end - 1] === "'") {
    let from = end - 1;
    while (text[from - 1] === "\\" && end - from < 8) from--;
    quote = text.slice(from, end);
    if (isInJson && quote === '"') return undefined;
    end = from;
  }
  let from = end;
  while (from > 0 && end - from < MAX_NAME_CHARS && isNameChar(text.charCodeAt(from - 1))) from--;
  // `\n` before a name is a line end in JSON, and its n no letter of the name.
  if (isInJson && quote === "" && text[from - 1] === "\\" && "nrtbf".includes(text[from] ?? "-")) from++;
  return from === end ? undefined : { from, text: text.slice(from, end), quote };
};

const typeOf = (raw: string): MarkedType => {
  if (!SCALAR.test(raw)) return "s";
  if (raw === "null") return "z";
  return raw === "true" || raw === "false" ? "b" : "n";
};

interface AssignmentSecrets {
  readonly mark: Mark;
  readonly isSecretName: IsSecretName;
  /** Of names in the query of a URL. */
  readonly isDeclaredParameter: IsSecretName | undefined;
}

/** Behind `?`, `&` and the end of `&amp;`. */
const isInQuery = (text: string, { from }: Name, separator: string): boolean =>
  separator === "=" && from > 0 && "?&;".includes(text[from - 1]!);

/** Replaces the values of `name=value`, `name: value` and `"name": "value"` where the name is secret. Best effort: text has no grammar. */
export const redactAssignments = (
  text: string,
  { mark, isSecretName, isDeclaredParameter, isInJson }: AssignmentStyle & AssignmentSecrets,
): string => {
  let out = "";
  let copied = 0;
  const separator = isInJson ? SEPARATOR_IN_JSON : SEPARATOR;
  separator.lastIndex = 0;
  for (let found = separator.exec(text); found !== null; found = separator.exec(text)) {
    const name = nameBefore(text, found.index, isInJson);
    if (name === undefined) continue;
    const isSecret = isSecretName(name.text) || (isDeclaredParameter?.(name.text) && isInQuery(text, name, found[0]));
    if (!isSecret) continue;
    const isHeader = found[0] === ":" && HEADER_NAME.test(name.text);
    const value = valueAfter(text, found.index + 1, { isInJson, isHeader });
    if (value === undefined) continue;
    const raw = text.slice(value.from, value.to);
    const marker =
      value.isQuoted || name.quote === "" ? mark("s", raw) : name.quote + mark(typeOf(raw), raw) + name.quote;
    out += text.slice(copied, value.from) + marker;
    copied = value.to;
    separator.lastIndex = value.to;
  }
  return copied === 0 ? text : out + text.slice(copied);
};

interface Value {
  readonly from: number;
  readonly to: number;
  readonly isQuoted: boolean;
}

const valueAfter = (
  text: string,
  after: number,
  { isInJson, isHeader }: AssignmentStyle & { readonly isHeader: boolean },
): Value | undefined => {
  VALUE_START.lastIndex = after;
  const quote = VALUE_START.exec(text)?.[1] ?? "";
  const from = VALUE_START.lastIndex;
  // An unescaped quote in JSON ends the string that the name stands in.
  if (isInJson && quote === '"') return undefined;
  if (quote !== "") return quotedValue(text, from, quote);
  const [value, line] = isInJson ? [BARE_VALUE_IN_JSON, LINE_IN_JSON] : [BARE_VALUE, LINE];
  const bare = isHeader ? line : value;
  bare.lastIndex = from;
  return bare.test(text) ? { from, to: bare.lastIndex, isQuoted: false } : undefined;
};

/** Up to the same quote with the same number of escapes, else to the end of the line. */
const quotedValue = (text: string, from: number, quote: string): Value => {
  let to = text.indexOf(quote, from);
  while (to > from && text[to - 1] === "\\") to = text.indexOf(quote, to + 1);
  if (to === -1) to = text.length;
  const line = text.slice(from, to).search(/[\r\n]/);
  return { from, to: line === -1 ? to : from + line, isQuoted: true };
};

const ELEMENT = /(<([\w:.-]{1,128})(?:\s[^<>]*)?>)(?:(\s*<!\[CDATA\[)([^<]*?)(?=\]\]>)|([^<>]+))/g;
const FORM_FIELD = /(\bname=(["']?)([\w.[\]-]{1,128})\2[^<>]{0,200}?\s(?:value|content)=(["']))([^"'<>]+)/g;

/** Replaces the content of XML and HTML elements of secret names, and the values of such form fields and meta elements. */
export const redactMarkup = (
  text: string,
  {
    mark,
    isSecretName,
    isSecretParameter,
  }: { readonly mark: Mark; readonly isSecretName: IsSecretName; readonly isSecretParameter: IsSecretName },
): string => {
  if (!text.includes("<")) return text;
  return text
    .replace(
      ELEMENT,
      (found, tag: string, name: string, cdata: string | undefined, inside: string, content: string) => {
        if (!isSecretName(name.slice(name.indexOf(":") + 1)) || content?.trim() === "") return found;
        return cdata === undefined ? tag + mark("s", content) : tag + cdata + mark("s", inside);
      },
    )
    .replace(FORM_FIELD, (found, before: string, _quote, name: string, _end, value: string) =>
      isSecretParameter(name) ? before + mark("s", value) : found,
    );
};

const PART = /(\bname="([^"\r\n]{1,128})"[^\r\n]{0,256}(?:\r\n[^\r\n]{1,256}){0,4}\r\n\r\n)([^\r\n]+)/g;

/** Replaces the values of secret fields of a multipart form (RFC 7578). */
export const redactParts = (text: string, mark: Mark, isSecretName: IsSecretName): string => {
  if (!text.includes("form-data")) return text;
  return text.replace(PART, (found, before: string, name: string, value: string) =>
    isSecretName(name) ? before + mark("s", value) : found,
  );
};
