import { type PatternNode, parsePattern } from "./pattern-syntax.ts";

/** A pattern as a table: one step a byte, whatever the text, so that no text makes it slow. */
export interface Automaton {
  /** 1 for bytes that a match can begin with. */
  readonly starts: Uint8Array;
  /** Bytes that the pattern does not tell apart are one column. */
  readonly columnOf: Uint8Array;
  readonly columns: number;
  /** The next state by state and column; `DEAD` where no match goes on. State 0 is the first. */
  readonly next: Int16Array;
  /** 1 for states at which a match may end. */
  readonly ends: Uint8Array;
  readonly beginsWord: boolean;
  readonly endsWord: boolean;
  /** Most bytes of a match. */
  readonly maxBytes: number;
  /** Every match has this text in it; text without it needs no look. Undefined where there is none. */
  readonly needs: string | undefined;
}

export const DEAD = -1;

/** A secret that a cut goes through is still seen whole: so many bytes are read beyond what is stored. */
export const MAX_MATCH_BYTES = 1_024;
/** Shorter ones would match everywhere. */
const MIN_MATCH_BYTES = 3;
const MAX_STATES = 2_048;
const MAX_POSITIONS = 4_096;

interface Size {
  readonly min: number;
  readonly max: number;
  /** Bytes written out, each repetition by itself. */
  readonly positions: number;
}

const sizeOf = (node: PatternNode): Size => {
  if (node.kind === "set") return { min: 1, max: 1, positions: 1 };
  if (node.kind === "repeat") {
    const { min, max, positions } = sizeOf(node.of);
    return { min: min * node.min, max: max * node.max, positions: Math.max(1, positions) * node.max };
  }
  const sizes = (node.kind === "choice" ? node.options : node.parts).map(sizeOf);
  const sum = (of: keyof Size) => sizes.reduce((total, size) => total + size[of], 0);
  if (node.kind === "sequence") return { min: sum("min"), max: sum("max"), positions: sum("positions") };
  return {
    min: Math.min(...sizes.map(({ min }) => min)),
    max: Math.max(...sizes.map(({ max }) => max)),
    positions: sum("positions"),
  };
};

/** What stands one after the other in every match; what may differ ends a text. */
const literalsIn = (node: PatternNode): readonly (string | undefined)[] => {
  if (node.kind === "sequence") return node.parts.flatMap(literalsIn);
  return [node.kind === "set" && node.codes.size === 1 ? String.fromCharCode(...node.codes) : undefined];
};

/** The longest text that every match has. */
const neededBy = (node: PatternNode): string | undefined => {
  const texts = [""];
  for (const literal of literalsIn(node)) {
    if (literal === undefined) texts.push("");
    else texts[texts.length - 1] += literal;
  }
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest)) || undefined;
};

/** A state of the automaton with choices: goes on for free, or over one byte of the set. */
interface Place {
  readonly free: number[];
  codes?: ReadonlySet<number>;
  to?: number;
}

/** Thompson's construction, with repetitions written out. */
class Places {
  readonly all: Place[] = [];

  add(): number {
    return this.all.push({ free: [] }) - 1;
  }

  /** Where one is once the node has matched from there. */
  after(node: PatternNode, from: number): number {
    switch (node.kind) {
      case "set": {
        const to = this.add();
        Object.assign(this.all[from]!, { codes: node.codes, to });
        const behind = this.add();
        this.all[to]!.free.push(behind);
        return behind;
      }
      case "sequence":
        return node.parts.reduce((at, part) => this.after(part, at), from);
      case "choice": {
        const to = this.add();
        for (const option of node.options) {
          const begin = this.add();
          this.all[from]!.free.push(begin);
          this.all[this.after(option, begin)]!.free.push(to);
        }
        return to;
      }
      case "repeat": {
        const end = this.add();
        let at = from;
        for (let count = 0; count < node.max; count++) {
          if (count >= node.min) this.all[at]!.free.push(end);
          const begin = this.add();
          this.all[at]!.free.push(begin);
          at = this.after(node.of, begin);
        }
        this.all[at]!.free.push(end);
        return end;
      }
      default:
        return node satisfies never;
    }
  }

  /** All that can be reached for free; of what one can wait for a byte at, and the end. */
  closure(from: Iterable<number>, end: number): readonly number[] {
    const seen = new Set<number>();
    const left = [...from];
    for (let place = left.pop(); place !== undefined; place = left.pop()) {
      if (seen.has(place)) continue;
      seen.add(place);
      left.push(...this.all[place]!.free);
    }
    return [...seen].filter((place) => place === end || this.all[place]!.codes !== undefined).sort((a, b) => a - b);
  }
}

/** The bytes by what the pattern says of them: one column each. */
const columnsOf = (
  sets: readonly ReadonlySet<number>[],
): { readonly columnOf: Uint8Array; readonly columns: number } => {
  const known = new Map<string, number>();
  const columnOf = new Uint8Array(256);
  for (let code = 0; code < 256; code++) {
    const look = sets.map((set) => (set.has(code) ? "1" : "0")).join("");
    if (!known.has(look)) known.set(look, known.size);
    columnOf[code] = known.get(look)!;
  }
  return { columnOf, columns: known.size };
};

/** @throws SyntaxError that says what is wrong with the pattern and what is allowed */
const build = (text: string): Automaton => {
  const { node, beginsWord, endsWord } = parsePattern(text);
  const size = sizeOf(node);
  if (size.min < MIN_MATCH_BYTES)
    throw new SyntaxError(`must match ${MIN_MATCH_BYTES} characters or more; its shortest match has ${size.min}`);
  if (size.max > MAX_MATCH_BYTES)
    throw new SyntaxError(`must match at most ${MAX_MATCH_BYTES} characters; this one may match ${size.max}`);
  if (size.positions > MAX_POSITIONS)
    throw new SyntaxError(
      `has ${size.positions} characters once repetitions are written out, at most ${MAX_POSITIONS}`,
    );
  const places = new Places();
  const first = places.add();
  const end = places.after(node, first);
  const { columnOf, columns } = columnsOf([...new Set(places.all.flatMap(({ codes }) => codes ?? []))]);
  const samples = Array.from({ length: columns }, (_, column) => columnOf.indexOf(column));
  const states: (readonly number[])[] = [places.closure([first], end)];
  const known = new Map([[states[0]!.join(), 0]]);
  const next: number[] = [];
  for (let state = 0; state < states.length; state++) {
    for (const sample of samples) {
      const reached = states[state]!.flatMap((place) => {
        const { codes, to } = places.all[place]!;
        return codes?.has(sample) ? [to!] : [];
      });
      const closure = places.closure(reached, end);
      const key = closure.join();
      if (closure.length > 0 && !known.has(key)) known.set(key, states.push(closure) - 1);
      next.push(closure.length === 0 ? DEAD : known.get(key)!);
    }
    if (states.length > MAX_STATES)
      throw new SyntaxError(
        "is too ambiguous: where repetitions of the same characters follow each other, give narrower bounds",
      );
  }
  return {
    starts: Uint8Array.from(columnOf, (column) => (next[column] === DEAD ? 0 : 1)),
    columnOf,
    columns,
    next: Int16Array.from(next),
    ends: Uint8Array.from(states, (state) => (state.includes(end) ? 1 : 0)),
    beginsWord,
    endsWord,
    maxBytes: size.max,
    needs: neededBy(node),
  };
};

const MAX_KNOWN = 256;
const known = new Map<string, Automaton>();

/** Made once for each text: catalogs are read, and so checked, every second. @throws SyntaxError as `parsePattern` does */
export const automatonOf = (text: string): Automaton => {
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = build(text);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, made);
  return made;
};
