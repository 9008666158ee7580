import { decimalForm } from "./decimal.ts";
import { type Followed, follow, isEnd, type JsonPointers } from "./json-pointers.ts";
import { spansInString, unescaped } from "./json-string.ts";
import type { Mark } from "./marker.ts";
import type { Patterns } from "./patterns.ts";
import { markedTypeOf } from "./redact-json.ts";

/** What is declared of JSON. */
export interface JsonRules {
  readonly pointers: JsonPointers;
  readonly patterns: Patterns;
  readonly mark: Mark;
}

export interface RuledJson {
  readonly text: string;
  /** It is JSON, one text or several, to its end: every pointer was followed. Else it is so as far as it is JSON. */
  readonly isWhole: boolean;
}

/** An object or a list that is open. */
interface Frame {
  readonly isList: boolean;
  readonly at: Followed;
  /** It stands at, or below, a secret place. */
  readonly isSecret: boolean;
  items: number;
}

/** What may come next: a value, a value or `]`, a key, a key or `}`, or what stands behind a value. */
type Next = "value" | "item" | "key" | "member" | "end";

const BYTE_ORDER_MARK = "\xef\xbb\xbf";
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** White space, and what begins a record (RFC 7464). */
const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x1e;

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/** Reads JSON (as latin-1) by its grammar and replaces what stands at secret places and what patterns match in keys and values. */
class RuledScan {
  readonly #text: string;
  readonly #rules: JsonRules;
  readonly #open: Frame[] = [];
  #at = 0;
  #out = "";
  #copied = 0;
  /** Of the value that comes next. */
  #place: Followed;
  #isSecret: boolean;

  constructor(text: string, rules: JsonRules) {
    this.#text = text;
    this.#rules = rules;
    this.#place = rules.pointers.begin;
    this.#isSecret = isEnd(this.#place);
    if (text.startsWith(BYTE_ORDER_MARK)) this.#at = BYTE_ORDER_MARK.length;
  }

  run(): RuledJson {
    let next: Next | undefined = "value";
    while (next !== undefined) {
      this.#skipSpace();
      if (this.#at === this.#text.length) break;
      next = this.#step(next);
    }
    const isWhole = next !== undefined && this.#open.length === 0;
    return { text: this.#copied === 0 ? this.#text : this.#out + this.#text.slice(this.#copied), isWhole };
  }

  /** Reads one token; undefined where it must not stand there. */
  #step(next: Next): Next | undefined {
    const char = this.#text[this.#at]!;
    if (next === "end") return this.#behindValue(char);
    if ((next === "item" && char === "]") || (next === "member" && char === "}")) return this.#close();
    if (next === "key" || next === "member") return this.#key();
    if (char === "{" || char === "[") return this.#openWith(char);
    return char === '"' ? this.#string() : this.#scalar();
  }

  #behindValue(char: string): Next | undefined {
    const frame = this.#open.at(-1);
    // The next of several texts.
    if (frame === undefined) return this.#goTo(this.#rules.pointers.begin, false);
    if (char === (frame.isList ? "]" : "}")) return this.#close();
    if (char !== ",") return undefined;
    this.#at++;
    return frame.isList ? this.#nextItem(frame) : "key";
  }

  #openWith(char: "{" | "["): Next {
    this.#at++;
    const frame: Frame = { isList: char === "[", at: this.#place, isSecret: this.#isSecret, items: 0 };
    this.#open.push(frame);
    if (!frame.isList) return "member";
    this.#nextItem(frame);
    return "item";
  }

  #nextItem(frame: Frame): Next {
    return this.#goTo(follow(frame.at, String(frame.items++)), frame.isSecret);
  }

  #goTo(place: Followed, isBelowSecret: boolean): Next {
    this.#place = place;
    this.#isSecret = isBelowSecret || isEnd(place);
    return "value";
  }

  #close(): Next {
    this.#open.pop();
    this.#at++;
    return "end";
  }

  #key(): Next | undefined {
    const raw = this.#takeString();
    if (raw === undefined) return undefined;
    const from = this.#at - raw.length - 1;
    this.#skipSpace();
    if (this.#text[this.#at++] !== ":") return undefined;
    this.#spliceMatches(raw, from);
    const frame = this.#open.at(-1)!;
    return this.#goTo(follow(frame.at, unescaped(raw)), frame.isSecret);
  }

  #string(): Next | undefined {
    const raw = this.#takeString();
    if (raw === undefined) return undefined;
    const from = this.#at - raw.length - 1;
    if (this.#isSecret) this.#splice(from, from + raw.length, this.#rules.mark("s", unescaped(raw)));
    else this.#spliceMatches(raw, from);
    return "end";
  }

  #scalar(): Next | undefined {
    const from = this.#at;
    SCALAR.lastIndex = from;
    const raw = SCALAR.exec(this.#text)?.[0];
    if (raw === undefined) return undefined;
    this.#at = SCALAR.lastIndex;
    const { mark, patterns } = this.#rules;
    if (!this.#isSecret && patterns.spansIn(raw).length === 0) return "end";
    const type = markedTypeOf(raw);
    this.#splice(from, this.#at, `"${mark(type, type === "n" ? decimalForm(raw) : raw)}"`);
    return "end";
  }

  #spliceMatches(raw: string, at: number): void {
    const { mark, patterns } = this.#rules;
    for (const [from, to] of spansInString(raw, (text) => patterns.spansIn(text)))
      this.#splice(at + from, at + to, mark("s", unescaped(raw.slice(from, to))));
  }

  #splice(from: number, to: number, marker: string): void {
    this.#out += this.#text.slice(this.#copied, from) + marker;
    this.#copied = to;
  }

  /** What is between the quotes here; undefined where there is no string. */
  #takeString(): string | undefined {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== QUOTE) return undefined;
    const from = this.#at + 1;
    let end = from;
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) {
      // RFC 8259 7: no control character stands for itself.
      if (Number.isNaN(code) || code < 0x20) return undefined;
      end += code === BACKSLASH ? 2 : 1;
    }
    this.#at = end + 1;
    return text.slice(from, end);
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }
}

export const redactRuledJson = (text: string, rules: JsonRules): RuledJson => new RuledScan(text, rules).run();

const LINE = /[^\r\n]+/g;
const DATA = /^(data: ?)(\s*[[{"].*)$/s;

/** Of an event stream, what is JSON is so line by line; all else is text. */
export const redactRuledEvents = (text: string, rules: JsonRules): RuledJson => {
  let isWhole = true;
  const redacted = text.replace(LINE, (line) => {
    const data = DATA.exec(line);
    if (data === null) return rules.patterns.redact(line, rules.mark);
    const read = redactRuledJson(data[2]!, rules);
    isWhole &&= read.isWhole;
    return data[1] + read.text;
  });
  return { text: redacted, isWhole };
};
