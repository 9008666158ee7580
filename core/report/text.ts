/**
 * Text of others, safe to show anywhere: every control and format character (escape sequences, line breaks, marks that turn
 * the direction of text) is shown as its code. The zero-width joiner stays, since emoji are made with it.
 */
export const visible = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char) => {
    if (char === "\u200d") return char;
    const code = char.codePointAt(0) ?? 0;
    return SHORT[char] ?? (code <= 0xff ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
  });

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

/** 12345 as `12 345`. */
export const number = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, " ");

/** 0.00125 as `0.125 %`. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

export const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
};

export const time = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");

/** Milliseconds to three digits: `0.554 ms`, `18.4 ms`, `1 230 ms`. */
export const milliseconds = (value: number): string =>
  `${value < 100 ? Number(value.toPrecision(3)) : number(Math.round(value))} ms`;
