import { BLOCK, closedBy, OPTIONAL_END, PREFORMATTED } from "./html-names.ts";
import { hashMarkup, type Markup, type MarkupNode, NO_ATTRIBUTES } from "./markup.ts";
import { collapsed, isBlank } from "./markup-text.ts";

export type Syntax = "HTML" | "XML";

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly children: MarkupNode[];
  /** Where its start tag begins. */
  readonly from: number;
  /** White space is content here. */
  readonly keepsSpace: boolean;
}

/**
 * Puts elements together. What HTML forgives (a stray end tag, one that closes others, one that is missing) is kept as a node of
 * its own, so that malformed markup never equals what is well formed; XML forgives nothing.
 */
export class MarkupTree {
  readonly #text: string;
  readonly #isHtml: boolean;
  readonly #open: Open[] = [{ name: "", attributes: NO_ATTRIBUTES, children: [], from: 0, keepsSpace: false }];
  readonly #openNames = new Map<string, number>();
  #isBroken = false;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#isHtml = syntax === "HTML";
  }

  /** Something was there that XML does not allow. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether elements of that name stand open. */
  isIn(name: string): boolean {
    return (this.#openNames.get(name) ?? 0) > 0;
  }

  addText(text: string): void {
    const { children } = this.#top;
    const last = children.at(-1);
    if (typeof last === "string") children[children.length - 1] = last + text;
    else if (text !== "") children.push(text);
  }

  /** A comment, a declaration, a fault: a name and a text. */
  addNote(name: string, text: string): void {
    const children = [text];
    const hash = hashMarkup(name, NO_ATTRIBUTES, children);
    this.#top.children.push({ name, attributes: NO_ATTRIBUTES, children, hash, source: text });
  }

  start(name: string, attributes: Open["attributes"], from: number): void {
    const closed = this.#isHtml ? closedBy(name) : undefined;
    while (closed?.has(this.#top.name)) this.#close(from);
    const keepsSpace =
      this.#top.keepsSpace || (this.#isHtml ? PREFORMATTED.has(name) : attributes["xml:space"] === "preserve");
    this.#open.push({ name, attributes, children: [], from, keepsSpace });
    this.#openNames.set(name, (this.#openNames.get(name) ?? 0) + 1);
  }

  /** The tag lies from `from` to `to`. */
  end(name: string, from: number, to: number): void {
    if (!this.isIn(name)) return this.#fault("#stray", `</${name}>`);
    while (this.#top.name !== name) this.#closeEarly(from);
    this.#close(to);
  }

  finish(): Markup {
    const end = this.#text.length;
    while (this.#open.length > 1) this.#closeEarly(end);
    return this.#made(this.#top, end);
  }

  get #top(): Open {
    return this.#open.at(-1) as Open;
  }

  #fault(name: string, text: string): void {
    this.#isBroken = true;
    this.addNote(name, text);
  }

  #closeEarly(to: number): void {
    const { name } = this.#top;
    this.#close(to);
    if (!this.#isHtml || !OPTIONAL_END.has(name)) this.#fault("#unclosed", name);
  }

  #close(to: number): void {
    const closed = this.#open.pop() as Open;
    this.#openNames.set(closed.name, (this.#openNames.get(closed.name) as number) - 1);
    this.#top.children.push(this.#made(closed, to));
  }

  #made({ name, attributes, children, from, keepsSpace }: Open, to: number): Markup {
    const kept = keepsSpace
      ? children
      : this.#isHtml
        ? withoutSpace(children, BLOCK.has(name))
        : withoutBlanks(children);
    const hash = hashMarkup(name, attributes, kept);
    return { name, attributes, children: kept, hash, source: this.#text.slice(from, to) };
  }
}

const isBlock = (node: MarkupNode | undefined, isEdge: boolean): boolean =>
  node === undefined ? isEdge : typeof node !== "string" && BLOCK.has(node.name);

const SPACE_TO_LOSE = /^\s|[\t\n\f\r]| {2}|\s$/;

/** HTML: runs of white space are one space, and none beside a block or at the edge of one. */
const withoutSpace = (children: readonly MarkupNode[], isInBlock: boolean): readonly MarkupNode[] => {
  if (!children.some((child) => typeof child === "string" && SPACE_TO_LOSE.test(child))) return children;
  return children
    .map((child, index) => {
      if (typeof child !== "string") return child;
      let text = collapsed(child);
      if (text.startsWith(" ") && isBlock(children[index - 1], isInBlock)) text = text.slice(1);
      if (text.endsWith(" ") && isBlock(children[index + 1], isInBlock)) text = text.slice(0, -1);
      return text;
    })
    .filter((child) => child !== "");
};

/** XML: white space that only stands between elements is for the eye (XML 1.0, 2.10). */
const withoutBlanks = (children: readonly MarkupNode[]): readonly MarkupNode[] => {
  const isText = (child: MarkupNode): boolean => typeof child === "string" && !isBlank(child);
  if (children.length < 2 || children.some(isText)) return children;
  return children.filter((child) => typeof child !== "string");
};
