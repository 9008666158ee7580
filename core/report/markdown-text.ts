/** Longer values are cut: a report is read by people. */
const MAX_CELL_CHARS = 300;

const cut = (text: string): string => (text.length > MAX_CELL_CHARS ? `${text.slice(0, MAX_CELL_CHARS)}…` : text);

/** Control characters, line breaks and characters that turn the direction of text, made visible. */
const oneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);

/** Text that is only text: nothing in it makes a link, a mention, a tag or a table cell. */
export const plain = (text: string): string =>
  oneLine(cut(text)).replaceAll(/[\\`*_[\]<>|~#@&]|:(?=\/\/)|(?<=www)\./gi, (char) => `&#${char.codePointAt(0)};`);

/** A code span, fenced by more backticks than the text holds (CommonMark 6.1); a bar is escaped even there (GFM tables). */
export const code = (text: string): string => {
  if (text === "") return "nothing";
  const shown = oneLine(cut(text)).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
};

export const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** 0.00125 as `0.125 %`. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

const CUT = "\n_Cut here: the report in format json holds the rest._";

/** The blocks from the first on, as long as they fit. */
export const clipped = (blocks: readonly string[], maxChars: number): string => {
  let text = "";
  for (const block of blocks) {
    if (text.length + block.length + 1 + CUT.length + 1 > maxChars) return `${text}${CUT}\n`;
    text += `${block}\n`;
  }
  return text;
};
