// What Diffy makes of an answer before it compares (HttpLifter, StringLifter, JsonLifter, HtmlLifter of opendiffy/diffy). Where it
// depends on how a service is set up, the kinder reading is taken.
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { Responded } from "../../core/capture/capture.ts";
import { headerValue } from "../../core/capture/head.ts";

/** Integers are longs, other numbers doubles; objects with a key that is no Scala name are maps, whose keys are not part of a path. */
export type Lifted = null | boolean | bigint | number | string | readonly Lifted[] | Fields | Keyed;
export class Fields {
  readonly entries: ReadonlyMap<string, Lifted>;
  constructor(entries: Iterable<readonly [string, Lifted]>) {
    this.entries = new Map(entries);
  }
}
export class Keyed extends Fields {}

const SCALA_NAME = /^[A-Za-z_$][\w$]*$/;
const MAX_NAMED_KEYS = 50;
const MAX_NAME_CHARS = 100;

const isNamed = (keys: readonly string[]): boolean =>
  keys.length <= MAX_NAMED_KEYS && keys.every((key) => key.length <= MAX_NAME_CHARS && SCALA_NAME.test(key));

const liftJson = (value: unknown): Lifted => {
  if (Array.isArray(value)) return value.map(liftJson);
  if (typeof value !== "object" || value === null) return value as Lifted;
  const entries = Object.entries(value).map(([key, child]) => [key, liftJson(child)] as const);
  return new (isNamed(entries.map(([key]) => key)) ? Fields : Keyed)(entries);
};

const INTEGER = /^-?\d+$/;
const parseJson = (text: string): unknown =>
  JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && INTEGER.test(context?.source ?? "")
      ? BigInt.asIntN(64, BigInt(context!.source!))
      : value,
  );

const VOID = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
]);
const TAG = /<(?:"[^"]*"|'[^']*'|[^'">])*>/;
const MARKUP = /<!--[\s\S]*?-->|<!?\/?[^\s>]+(?:"[^"]*"|'[^']*'|[^'">])*>|[^<]+/g;
const ATTRIBUTE = /([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?/g;

interface Element {
  readonly tag: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: Element[];
  text: string;
}

const elementOf = (open: string): Element => {
  const [, tag = "", rest = ""] = /^<([^\s/>]+)([\s\S]*?)\/?>$/.exec(open) ?? [];
  const attributes = [...rest.matchAll(ATTRIBUTE)].map(
    ([, name, value = ""]) => [name!.toLowerCase(), value.replace(/^(["'])(.*)\1$/s, "$2")] as const,
  );
  return { tag: tag.toLowerCase(), attributes, children: [], text: "" };
};

/** Elements, attributes and own texts: what of jsoup's tree Diffy looks at. */
const parseHtml = (html: string): Element => {
  const root = elementOf("<root>");
  const open = [root];
  for (const [token] of html.matchAll(MARKUP)) {
    const top = open.at(-1)!;
    if (token.startsWith("</")) {
      const at = open.findLastIndex(({ tag }) => tag === token.slice(2, -1).trim().toLowerCase());
      if (at > 0) open.length = at;
    } else if (token.startsWith("<!") || token.startsWith("<?")) continue;
    else if (token.startsWith("<")) {
      const element = elementOf(token);
      top.children.push(element);
      if (!VOID.has(element.tag) && !token.endsWith("/>")) open.push(element);
    } else top.text = `${top.text} ${token}`.replaceAll(/\s+/g, " ").trim();
  }
  return root;
};

const liftElement = ({ tag, attributes, children, text }: Element): Lifted =>
  new Fields([
    ["tag", tag],
    ["text", text],
    ["attributes", new Fields(attributes)],
    ["children", children.map(liftElement)],
  ]);

const MAY_BE_JSON = /^\s*(?:[[{"]|(?:true|false|null|-?\d[\d.eE+-]*)\s*$)/;

/** JSON, of which Jackson reads the first document and no further; else markup, if there is a tag; else text. */
export const liftText = (text: string): Lifted => {
  for (const json of MAY_BE_JSON.test(text) ? new Set([text, text.split("\n", 1)[0]!]) : [])
    try {
      return liftJson(parseJson(json));
    } catch {}
  return TAG.test(text) ? liftElement(parseHtml(text)) : text;
};

const UNPACKERS: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

const contentOf = ({ headers, body }: Responded): string => {
  const charset = /charset="?([\w-]+)/i.exec(headerValue(headers, "content-type") ?? "")?.[1] ?? "utf-8";
  let bytes = body;
  try {
    bytes = UNPACKERS[headerValue(headers, "content-encoding") ?? ""]?.(body) ?? body;
  } catch {}
  return Buffer.from(bytes).toString(/^iso-8859|latin/i.test(charset) ? "latin1" : "utf8");
};

const headersOf = ({ headers }: Responded): Fields => {
  const names = Map.groupBy(headers, ([name]) => name.toLowerCase());
  return new Fields([...names].map(([name, lines]) => [name, lines.map(([, value]) => value).toSorted()]));
};

/** The status is a key, so that another status is a field missing and a field too many. */
export const liftAnswer = (answer: Responded): Fields =>
  new Fields([
    [
      String(answer.status),
      new Fields([
        ["content", liftText(contentOf(answer))],
        ["headers", headersOf(answer)],
      ]),
    ],
  ]);
