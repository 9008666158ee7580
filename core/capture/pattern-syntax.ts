/** What a pattern may match: bytes in a set, one after the other, one of several, or one several times. */
export type PatternNode =
  | { readonly kind: "set"; readonly codes: ReadonlySet<number> }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | { readonly kind: "repeat"; readonly of: PatternNode; readonly min: number; readonly max: number };

export interface ParsedPattern {
  readonly node: PatternNode;
  /** `\b` at its beginning, at its end. */
  readonly beginsWord: boolean;
  readonly endsWord: boolean;
}

const MAX_REPEATS = 1_024;

type Codes = ReadonlySet<number>;

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const rangeOf = (from: string, to: string): number[] => range(from.charCodeAt(0), to.charCodeAt(0));
const ALL: Codes = new Set(range(0, 255));
const without = (codes: Codes): Codes => new Set([...ALL].filter((code) => !codes.has(code)));

const DIGITS: Codes = new Set(rangeOf("0", "9"));
const WORD: Codes = new Set([...DIGITS, ...rangeOf("a", "z"), ...rangeOf("A", "Z"), 0x5f]);
const SPACES: Codes = new Set([0x20, ...range(0x09, 0x0d)]);
const NO_LINE_END = without(new Set([0x0a, 0x0d]));

const CLASSES: Readonly<Record<string, Codes>> = {
  d: DIGITS,
  D: without(DIGITS),
  w: WORD,
  W: without(WORD),
  s: SPACES,
  S: without(SPACES),
  t: new Set([0x09]),
  n: new Set([0x0a]),
  r: new Set([0x0d]),
};

const refuse = (message: string): never => {
  throw new SyntaxError(message);
};

/** Both cases of the letters. */
const folded = (codes: Codes): Codes =>
  new Set([...codes].flatMap((code) => (/[a-z]/i.test(String.fromCharCode(code)) ? [code, code ^ 0x20] : [code])));

/** Reads a pattern from left to right; every method leaves `#at` behind what it read. */
class Reader {
  readonly #text: string;
  readonly #ignoresCase: boolean;
  #at = 0;

  constructor(text: string, ignoresCase: boolean) {
    this.#text = text;
    this.#ignoresCase = ignoresCase;
  }

  whole(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) refuse('has a ")" without "("');
    return node;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#takes("|")) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: "choice", options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#text.length && !"|)".includes(this.#text[this.#at]!)) parts.push(this.#repeated());
    return { kind: "sequence", parts };
  }

  #repeated(): PatternNode {
    const of = this.#atom();
    const counts = this.#counts();
    if (counts === undefined) return of;
    if ("?*+{".includes(this.#text[this.#at] ?? "-"))
      refuse(`has two repetitions in a row, at character ${this.#at + 1}`);
    return { kind: "repeat", of, ...counts };
  }

  #counts(): { readonly min: number; readonly max: number } | undefined {
    if (this.#takes("?")) return { min: 0, max: 1 };
    const char = this.#text[this.#at];
    if (char === "*" || char === "+")
      refuse(`must say how often at most: {${char === "*" ? 0 : 1},64} in place of ${char}`);
    if (char !== "{") return undefined;
    const counts = /^\{(\d{1,5})(?:,(\d{0,5}))?\}/.exec(this.#text.slice(this.#at));
    if (counts === null) return refuse("must have {n} or {n,m} after {; write \\{ for the character itself");
    if (counts[2] === "") refuse(`must say how often at most: {${counts[1]},64} in place of {${counts[1]},}`);
    const min = Number(counts[1]);
    const max = Number(counts[2] ?? counts[1]);
    if (max < min || max > MAX_REPEATS || max === 0)
      refuse(`must repeat 1 to ${MAX_REPEATS} times, the smaller number first; got ${counts[0]}`);
    this.#at += counts[0].length;
    return { min, max };
  }

  #atom(): PatternNode {
    const char = this.#text[this.#at++]!;
    if (char === "(") return this.#group();
    if (char === "[") return this.#set(this.#class());
    if (char === ".") return this.#set(NO_LINE_END);
    if (char === "\\") return this.#set(this.#escape());
    if (char === "^" || char === "$")
      refuse(`must not have ${char}: a pattern is looked for anywhere; write \\${char} for the character`);
    if ("?*+{".includes(char)) refuse(`has nothing to repeat before ${char}`);
    return this.#set(new Set([char.charCodeAt(0)]));
  }

  #group(): PatternNode {
    if (this.#takes("?") && !this.#takes(":"))
      refuse("must not have (? but (?: and, at its beginning, (?i): it looks neither ahead nor back");
    const inside = this.#choice();
    return this.#takes(")") ? inside : refuse('has a "(" without ")"');
  }

  #escape(): Codes {
    const char = this.#text[this.#at++];
    if (char === undefined) return refuse("must not end in a backslash");
    if (char === "b") return refuse("can have \\b at its beginning and end only");
    if (CLASSES[char] !== undefined) return CLASSES[char];
    if (/[0-9A-Za-z]/.test(char))
      return refuse(
        `must not have \\${char}: there are ${Object.keys(CLASSES)
          .map((name) => `\\${name}`)
          .join(" ")}`,
      );
    return new Set([char.charCodeAt(0)]);
  }

  #class(): Codes {
    const isNegated = this.#takes("^");
    const codes = new Set<number>();
    while (!this.#takes("]")) {
      if (this.#at >= this.#text.length) refuse('has a "[" without "]"');
      const from = this.#member();
      const isRange = this.#text[this.#at] === "-" && (this.#text[this.#at + 1] ?? "]") !== "]";
      if (!isRange) for (const code of from) codes.add(code);
      else this.#addRange(codes, from);
    }
    if (codes.size === 0) refuse("has an empty set []");
    const whole = this.#ignoresCase ? folded(codes) : codes;
    return isNegated ? without(whole) : whole;
  }

  #addRange(codes: Set<number>, from: Codes): void {
    this.#at++;
    const [first, last] = [[...from], [...this.#member()]];
    if (first.length !== 1 || last.length !== 1 || last[0]! < first[0]!)
      refuse("has a range in [] that ends before it begins");
    for (const code of range(first[0]!, last[0]!)) codes.add(code);
  }

  #member(): Codes {
    const char = this.#text[this.#at++]!;
    return char === "\\" ? this.#escape() : new Set([char.charCodeAt(0)]);
  }

  #set(codes: Codes): PatternNode {
    return { kind: "set", codes: this.#ignoresCase ? folded(codes) : codes };
  }

  #takes(char: string): boolean {
    const isThere = this.#text[this.#at] === char;
    if (isThere) this.#at++;
    return isThere;
  }
}

const WORD_EDGE = "\\b";

/**
 * Reads a regular expression of the kind that has a bound: characters, sets, groups, `|`, `?`, `{n}`, `{n,m}`, `\b` at both ends, `(?i)` first.
 * @throws SyntaxError that says what it must not have and what to write instead
 */
export const parsePattern = (text: string): ParsedPattern => {
  if (!/^[\x20-\x7e]+$/.test(text))
    refuse("must be of printable ASCII characters; . stands for each byte of any other");
  const ignoresCase = text.startsWith("(?i)");
  const plain = ignoresCase ? text.slice("(?i)".length) : text;
  const beginsWord = plain.startsWith(WORD_EDGE);
  const endsWord = /(?<!\\)(?:\\\\)*\\b$/.test(plain) && plain.length > WORD_EDGE.length;
  const inside = plain.slice(beginsWord ? WORD_EDGE.length : 0, endsWord ? -WORD_EDGE.length : undefined);
  return { node: new Reader(inside, ignoresCase).whole(), beginsWord, endsWord };
};
