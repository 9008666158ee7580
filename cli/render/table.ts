import type { Colour, Paint } from "./paint.ts";
import { clip, pad, visible, widthOf } from "./text.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Longer cells are cut. */
  readonly maxWidth?: number;
}

export type Cell = string | { readonly text: string; readonly colour: Colour };

const GAP = "  ";
const MAX_CELL_WIDTH = 60;

/** A head line and a line for each row, aligned by display width; what others wrote is made visible first. */
export const tableLines = (columns: readonly Column[], rows: readonly (readonly Cell[])[], paint: Paint): string[] => {
  const texts = rows.map((row) =>
    columns.map(({ maxWidth }, i) => clip(visible(textOf(row[i])), maxWidth ?? MAX_CELL_WIDTH)),
  );
  const widths = columns.map(({ title }, i) => Math.max(widthOf(title), ...texts.map((row) => widthOf(row[i] ?? ""))));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, i) => pad(text, widths[i] ?? 0, columns[i]?.align))
      .join(GAP)
      .trimEnd();
  const head = paint("bold", line(columns.map(({ title }) => title)));
  const body = rows.map((row, r) => {
    const cells = columns.map((column, i) => {
      const padded = pad(texts[r]?.[i] ?? "", widths[i] ?? 0, column.align);
      const cell = row[i];
      return typeof cell === "object" ? paint(cell.colour, padded) : padded;
    });
    return cells.join(GAP).trimEnd();
  });
  return [head, ...body];
};

const textOf = (cell: Cell | undefined): string => (typeof cell === "object" ? cell.text : (cell ?? ""));

export const table = (columns: readonly Column[], rows: readonly (readonly Cell[])[], paint: Paint): string =>
  `${tableLines(columns, rows, paint).join("\n")}\n`;

/** Name and value, one to a line. */
export const facts = (pairs: readonly (readonly [name: string, value: string])[], paint: Paint): string => {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${paint("dim", pad(name, width))}  ${visible(value)}\n`).join("");
};
