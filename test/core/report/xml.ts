export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const TOKEN =
  /<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\/(?<close>[\w-]+)>|<(?<open>[\w-]+)(?<attributes>(?:\s+[\w-]+="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/y;
const NO_CHARACTER = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const unescaped = (text: string): string => {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`a bare ampersand in ${text}`);
  return text.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
};

/** Reads the part of XML 1.0 that reports use, and refuses what is not well-formed. */
export const readXml = (xml: string): Element => {
  const [prolog = ""] = /^<\?xml version="1.0" encoding="UTF-8"\?>\n/.exec(xml) ?? [];
  if (prolog === "" || NO_CHARACTER.test(xml)) throw new Error("no prolog, or a character that is none");
  type Open = { name: string; attributes: Record<string, string>; children: Open[]; text: string };
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const stack = [root];
  TOKEN.lastIndex = prolog.length;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(xml)?.groups;
    const top = stack.at(-1)!;
    if (groups === undefined) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 40)}`);
    if (groups.close !== undefined && stack.pop()?.name !== groups.close)
      throw new Error(`${groups.close} is not open`);
    top.text += groups.cdata ?? unescaped(groups.text ?? "");
    if (groups.open === undefined) continue;
    const attributes = [...groups.attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [
      key!,
      unescaped(value!),
    ]);
    const element: Open = { name: groups.open, attributes: Object.fromEntries(attributes), children: [], text: "" };
    top.children.push(element);
    if (groups.empty === undefined) stack.push(element);
  }
  if (stack.length !== 1 || root.children.length !== 1) throw new Error("more or less than one element is the root");
  return root.children[0]!;
};
