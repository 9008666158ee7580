import type { Budget } from "./budget.ts";
import type { Content, Reader } from "./content.ts";
import { ESCAPABLE_RAW_TEXT, RAW_TEXT, VOID } from "./html-names.ts";
import { setKey } from "./json-value.ts";
import { NO_ATTRIBUTES } from "./markup.ts";
import { canonicalText, isBlank, literalText } from "./markup-text.ts";
import { MarkupTree, type Syntax } from "./markup-tree.ts";

/** HTML is never refused; XML only where it is well formed, as far as this reader can tell. Entities are never expanded. */
const readMarkup =
  (syntax: Syntax): Reader =>
  ({ text, isCut }, budget): Content | undefined => {
    if (isCut) return { kind: "unread", because: `a body (${syntax}) is larger than what is stored` };
    const scan = new Scan(text, syntax, budget);
    if (!budget.spend(workOf(text)) || !scan.run())
      return { kind: "unread", because: `reading a body (${syntax}) takes too much work` };
    const root = scan.tree.finish();
    if (syntax === "HTML") return { kind: "markup", format: syntax, root };
    const elements = root.children.filter((child) => typeof child !== "string" && !/^[#?]/.test(child.name));
    const hasText = root.children.some((child) => typeof child === "string" && !isBlank(child));
    return scan.isBroken || hasText || elements.length !== 1 ? undefined : { kind: "markup", format: syntax, root };
  };

export const readHtml = readMarkup("HTML");
export const readXml = readMarkup("XML");

/** Measured. */
const WORK = { char: 0.5, tag: 50, reference: 25, attribute: 50 } as const;

const LESS = 60;
const AMPERSAND = 38;

/** All but attributes, before anything is read. */
const workOf = (text: string): number => {
  let work = text.length * WORK.char;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LESS) work += WORK.tag;
    else if (code === AMPERSAND) work += WORK.reference;
  }
  return work;
};

const NAME = /[^\s/>]+/y;
const SPACE = /[\s/]*/y;
const ATTRIBUTE = /([^\s/>=][^\s/>=]*)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;
const FOREIGN = ["svg", "math"] as const;

class Scan {
  readonly tree: MarkupTree;
  readonly #text: string;
  readonly #isHtml: boolean;
  readonly #budget: Budget;
  #at = 0;
  #isBroken = false;

  constructor(text: string, syntax: Syntax, budget: Budget) {
    this.tree = new MarkupTree(text, syntax);
    this.#text = text;
    this.#isHtml = syntax === "HTML";
    this.#budget = budget;
  }

  get isBroken(): boolean {
    return this.#isBroken || this.tree.isBroken;
  }

  /** False once the budget is spent. */
  run(): boolean {
    while (this.#at < this.#text.length) {
      const tag = this.#nextTag();
      this.tree.addText(canonicalText(this.#text.slice(this.#at, tag), this.#isHtml));
      this.#at = tag;
      if (tag === this.#text.length) break;
      this.#readTag();
    }
    return !this.#budget.isSpent;
  }

  /** A `<` that begins no tag is text in HTML. */
  #nextTag(): number {
    const text = this.#text;
    let at = text.indexOf("<", this.#at);
    while (at !== -1 && !/[a-z_:!?/\u0080-\uffff]/i.test(text[at + 1] ?? "")) {
      this.#isBroken = true;
      at = text.indexOf("<", at + 1);
    }
    return at === -1 ? text.length : at;
  }

  #readTag(): void {
    const text = this.#text;
    const start = this.#at;
    if (text.startsWith("<!--", start)) return this.#readUpTo("-->", "#comment", 4);
    if (text.startsWith("<![CDATA[", start) && !this.#isHtml) return this.#readUpTo("]]>", "", 9);
    if (text[start + 1] === "!") return this.#readDeclaration();
    if (text[start + 1] === "?") return this.#readUpTo(this.#isHtml ? ">" : "?>", this.#instructionName(), 2);
    if (text[start + 1] === "/") return this.#readEnd();
    this.#readStart();
  }

  #instructionName(): string {
    NAME.lastIndex = this.#at + 2;
    return `?${NAME.exec(this.#text)?.[0] ?? ""}`;
  }

  /** From behind an opening of `skip` characters to the terminator; "" for CDATA. */
  #readUpTo(terminator: string, name: string, skip: number): void {
    const end = this.#text.indexOf(terminator, this.#at + skip);
    if (end === -1) return this.#readBroken();
    const inside = this.#text.slice(this.#at + skip, end);
    if (name === "") this.tree.addText(literalText(inside));
    else this.tree.addNote(name, inside);
    this.#at = end + terminator.length;
  }

  /** A document type is kept as it is written, with all that it declares inside. */
  #readDeclaration(): void {
    const end = /^<![^>[]*\[/.test(this.#text.slice(this.#at, this.#at + 1_000)) && !this.#isHtml ? "]>" : ">";
    this.#readUpTo(end, "#doctype", 2);
  }

  /** What a reader drops at the end of the text is kept. */
  #readBroken(): void {
    this.#isBroken = true;
    this.tree.addNote("#broken", this.#text.slice(this.#at));
    this.#at = this.#text.length;
  }

  #nameAt(index: number): string {
    NAME.lastIndex = index;
    const name = NAME.exec(this.#text)?.[0] ?? "";
    return this.#isHtml ? name.toLowerCase() : name;
  }

  #readEnd(): void {
    const end = this.#text.indexOf(">", this.#at);
    if (end === -1) return this.#readBroken();
    const name = this.#nameAt(this.#at + 2);
    this.tree.end(name, this.#at, end + 1);
    if (!isBlank(this.#text.slice(NAME.lastIndex, end))) this.#isBroken = true;
    this.#at = end + 1;
  }

  #readStart(): void {
    const start = this.#at;
    const name = this.#nameAt(start + 1);
    this.#at = NAME.lastIndex;
    const attributes = this.#readAttributes();
    if (attributes === undefined) {
      this.#at = start;
      return this.#readBroken();
    }
    const isSelfClosing = this.#text[this.#at - 1] === "/";
    this.#at++;
    this.tree.start(name, attributes, start);
    const isForeign = FOREIGN.some((foreign) => this.tree.isIn(foreign));
    const isEmpty = this.#isHtml ? VOID.has(name) || (isForeign && isSelfClosing) : isSelfClosing;
    if (isEmpty) this.tree.end(name, this.#at, this.#at);
    else if (this.#isHtml && RAW_TEXT.has(name) && !isForeign) this.#readRawText(name);
  }

  /** Leaves off at the `>`; undefined where there is none. */
  #readAttributes(): Readonly<Record<string, unknown>> | undefined {
    let attributes: Record<string, unknown> | undefined;
    for (;;) {
      SPACE.lastIndex = this.#at;
      SPACE.exec(this.#text);
      this.#at = SPACE.lastIndex;
      if (this.#text[this.#at] === ">") return attributes ?? NO_ATTRIBUTES;
      ATTRIBUTE.lastIndex = this.#at;
      const found = this.#budget.spend(WORK.attribute) ? ATTRIBUTE.exec(this.#text) : null;
      if (found === null) return undefined;
      this.#at = ATTRIBUTE.lastIndex;
      this.#setAttribute((attributes ??= {}), found);
    }
  }

  #setAttribute(attributes: Record<string, unknown>, found: RegExpExecArray): void {
    const [, name = "", assigned, double, single, bare] = found;
    const key = this.#isHtml ? name.toLowerCase() : name;
    const value = double ?? single ?? bare ?? "";
    if (!this.#isHtml && (assigned === undefined || bare !== undefined || Object.hasOwn(attributes, key)))
      this.#isBroken = true;
    setKey(attributes, key, canonicalText(value, this.#isHtml));
  }

  #readRawText(name: string): void {
    const end = new RegExp(`</${name}(?=[\\s/>])`, "gi");
    end.lastIndex = this.#at;
    const to = end.exec(this.#text)?.index ?? this.#text.length;
    const inside = this.#text.slice(this.#at, to);
    this.tree.addText(ESCAPABLE_RAW_TEXT.has(name) ? canonicalText(inside, true) : literalText(inside));
    this.#at = to;
  }
}
