/** What one pass over a JSON text shows: how much it holds, and whether `JSON.parse` would keep all of it. */
export interface Survey {
  /** Keys, repeated ones included. */
  readonly members: number;
  /** 0 to 1: how many of a sample of the keys are different ones. Keys seen before cost `JSON.parse` a tenth. */
  readonly distinctShare: number;
  readonly containers: number;
  readonly commas: number;
  /** A number is not written as a double prints it: `JSON.parse` could lose digits or form. */
  readonly hasExactNumbers: boolean;
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BRACKET = 91;
const BACKSLASH = 92;
const BRACE = 123;

/** Doubles tell all decimals of 15 significant digits apart (IEEE 754 binary64). */
const MAX_SAFE_DIGITS = 15;

/** One key in so many is sampled. */
const SAMPLED = 16;
const MIN_SAMPLES = 32;

/** Linear; meaningful only for a text that `JSON.parse` takes. */
export const survey = (text: string): Survey => {
  const keys = new Set<string>();
  let [keyStart, keyEnd] = [0, 0];
  let members = 0;
  let containers = 0;
  let commas = 0;
  let hasExactNumbers = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      keyStart = index;
      index = endOfString(text, index);
      keyEnd = index;
    } else if (code === COLON) {
      if (members++ % SAMPLED === 0) keys.add(text.slice(keyStart, keyEnd));
    } else if (code === COMMA) commas++;
    else if (code === BRACE || code === BRACKET) containers++;
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, index);
      hasExactNumbers ||= !isPlain(text, index, end);
      index = end - 1;
    }
  }
  const samples = Math.ceil(members / SAMPLED);
  const distinctShare = samples < MIN_SAMPLES ? 0 : keys.size / samples;
  return { members, distinctShare, containers, commas, hasExactNumbers };
};

/** Index of the closing quote of the string that begins at `start`; the last index of the text if there is none. */
export const endOfString = (text: string, start: number): number => {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index++;
  }
  return text.length - 1;
};

/** Index behind the number that begins at `start`. */
export const endOfNumber = (text: string, start: number): number => {
  let index = start + 1;
  while (index < text.length && isNumberCode(text.charCodeAt(index))) index++;
  return index;
};

const isNumberCode = (code: number): boolean =>
  (code >= ZERO && code <= NINE) || code === POINT || code === 101 || code === 69 || code === MINUS || code === 43;

/** Few digits, no exponent, no zero at the end of a fraction, no -0: one text per value. */
const isPlain = (text: string, start: number, end: number): boolean => {
  if (end - start === 1) return true;
  if (end - start > MAX_SAFE_DIGITS) return false;
  let hasPoint = false;
  for (let index = start + 1; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === POINT) hasPoint = true;
    else if (code < ZERO || code > NINE) return false;
  }
  if (text.charCodeAt(end - 1) !== ZERO) return true;
  const isMinusZero = text.charCodeAt(start) === MINUS && end - start === 2;
  return !hasPoint && !isMinusZero;
};
