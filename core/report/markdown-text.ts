import { visible } from "./text.ts";

/** Longer values are cut: a report is read by people. */
const MAX_CELL_CHARS = 300;

const cut = (text: string): string => (text.length > MAX_CELL_CHARS ? `${text.slice(0, MAX_CELL_CHARS)}…` : text);

/** Text that is only text: nothing in it makes a link, a mention, a tag or a table cell. */
export const plain = (text: string): string =>
  visible(cut(text))
    .replaceAll(/[\\`*_[\]<>|~#@&]|:(?=\/\/)|(?<=www)\./gi, (char) => `&#${char.codePointAt(0)};`)
    // GitHub looks for mentions and references after it has read the entities: a space of no width keeps them apart.
    .replaceAll(/&#(?:64|35);/g, "$&&#8203;");

/** A code span, fenced by more backticks than the text holds (CommonMark 6.1); a bar is escaped even there (GFM tables). */
export const code = (text: string): string => {
  if (text === "") return "nothing";
  const shown = visible(cut(text)).replaceAll("|", "\\|");
  const fence = "`".repeat(longestRun(shown) + 1);
  return fence === "`" ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
};

/** Lines as a block of code, fenced by more backticks than any of them holds (CommonMark 4.5). The lines must be `visible`. */
export const fenced = (language: string, lines: readonly string[]): string => {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}${language}`, ...lines, fence].join("\n");
};

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

export const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A table's head; a colon after the title aligns its column to the right. */
export const headOf = (titles: readonly string[]): string =>
  [
    row(titles.map((title) => title.replace(/:$/, ""))),
    row(titles.map((title) => (title.endsWith(":") ? "---:" : "---"))),
  ].join("\n");

/** A part of a document: blocks that are shown whole or not at all, and what is said of those that are not there. */
export interface Section {
  readonly head: string;
  readonly blocks?: readonly string[];
  /** How many more there are beside the blocks. */
  readonly unlisted?: number;
  readonly more?: (left: number) => string;
  /** No more than this, however much room there is. */
  readonly maxChars?: number;
}

/** As many blocks of each section as fit into what those before it left. Every head is there. */
export const fitted = (sections: readonly Section[], maxChars: number): string => {
  const least = sections.map((section) => shown(section, []).length);
  let room = maxChars - least.reduce((sum, chars) => sum + chars, 0);
  return sections
    .map((section) => {
      const kept = keep(section.blocks ?? [], Math.min(room, section.maxChars ?? room));
      room -= kept.reduce((sum, block) => sum + block.length + 1, 0);
      return shown(section, kept);
    })
    .join("");
};

const shown = ({ head, blocks = [], unlisted = 0, more }: Section, kept: readonly string[]): string => {
  const left = blocks.length - kept.length + unlisted;
  return [head, ...kept, ...(left > 0 && more !== undefined ? [more(left)] : []), ""].join("\n");
};

const keep = (blocks: readonly string[], room: number): readonly string[] => {
  let chars = 0;
  const end = blocks.findIndex((block) => (chars += block.length + 1) > room);
  return end === -1 ? blocks : blocks.slice(0, end);
};
