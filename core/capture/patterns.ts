import type { Mark } from "./marker.ts";
import { MARKER } from "./marker-form.ts";
import { type Automaton, automatonOf, DEAD } from "./pattern-automaton.ts";

/** From, to: `text.slice(...span)`. */
export type Span = readonly [from: number, to: number];

/** RFC 5321's bounds of local part and labels. */
const EMAIL = String.raw`(?i)\b[\w.%+'-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}`;

const WORD = new Uint8Array(256);
for (let code = 0; code < 256; code++) WORD[code] = /\w/.test(String.fromCharCode(code)) ? 1 : 0;

const NOTHING: readonly Span[] = [];

/** The declared patterns of a run: texts are latin-1 of their bytes, markers are stepped over. */
export class Patterns {
  readonly #automata: readonly Automaton[];
  readonly #starts = new Uint8Array(256);

  /** @throws SyntaxError for a pattern that was not checked */
  constructor(patterns: readonly string[], emails: boolean) {
    this.#automata = [...patterns, ...(emails ? [EMAIL] : [])].map(automatonOf);
    for (const { starts } of this.#automata)
      for (let code = 0; code < starts.length; code++) this.#starts[code]! |= starts[code]!;
  }

  /** False: they match nowhere in it, as it is. Told in a fraction of the time. */
  canMatch(text: string): boolean {
    return this.#automata.some(({ needs }) => needs === undefined || text.includes(needs));
  }

  /** The longest match at the first place that has one, and so on behind it. */
  spansIn(text: string): readonly Span[] {
    if (!this.canMatch(text)) return NOTHING;
    if (!text.includes("~r:")) return this.#spansBetween(text, 0, text.length);
    const spans: Span[] = [];
    let from = 0;
    for (const { index, 0: marker } of text.matchAll(MARKERS)) {
      spans.push(...this.#spansBetween(text, from, index));
      from = index + marker.length;
    }
    spans.push(...this.#spansBetween(text, from, text.length));
    return spans;
  }

  /** Replaces what they match in text without a grammar. */
  redact(text: string, mark: Mark): string {
    let out = "";
    let copied = 0;
    for (const [from, to] of this.spansIn(text)) {
      out += text.slice(copied, from) + mark("s", text.slice(from, to));
      copied = to;
    }
    return copied === 0 ? text : out + text.slice(copied);
  }

  #spansBetween(text: string, start: number, stop: number): readonly Span[] {
    let spans: Span[] | undefined;
    for (let at = start; at < stop; ) {
      const end = this.#starts[text.charCodeAt(at)] === 1 ? this.#endOfMatch(text, at, { start, stop }) : at;
      if (end === at) at++;
      else {
        (spans ??= []).push([at, end]);
        at = end;
      }
    }
    return spans ?? NOTHING;
  }

  #endOfMatch(text: string, from: number, within: Within): number {
    let end = from;
    for (const automaton of this.#automata)
      if (automaton.starts[text.charCodeAt(from)] === 1) end = Math.max(end, endOfMatch(automaton, text, from, within));
    return end;
  }
}

const MARKERS = new RegExp(MARKER, "g");

interface Within {
  readonly start: number;
  readonly stop: number;
}

/** A marker stands for a value of which the edge is not known: beside it no word ends, so that redacting twice is redacting once. */
const isWordAt = (text: string, at: number, { start, stop }: Within): boolean =>
  at >= start && at < stop ? WORD[text.charCodeAt(at)] === 1 : at >= 0 && at < text.length;

const isEdge = (text: string, at: number, within: Within): boolean =>
  isWordAt(text, at - 1, within) !== isWordAt(text, at, within);

const endOfMatch = (automaton: Automaton, text: string, from: number, within: Within): number => {
  const { columnOf, columns, next, ends, beginsWord, endsWord } = automaton;
  if (beginsWord && !isEdge(text, from, within)) return from;
  let end = from;
  let state = 0;
  for (let at = from; at < within.stop; ) {
    state = next[state * columns + columnOf[text.charCodeAt(at)]!]!;
    if (state === DEAD) return end;
    at++;
    if (ends[state] === 1 && (!endsWord || isEdge(text, at, within))) end = at;
  }
  return end;
};
