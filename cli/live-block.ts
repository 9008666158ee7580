import type { Io } from "./io.ts";

/** The last lines of the terminal, drawn over again and again; what is said meanwhile stands above them. */
export interface LiveBlock {
  /** Lines that fit the width. */
  draw(lines: readonly string[]): void;
  /** On stderr. */
  say(line: string): void;
  /** Leaves what was drawn last. */
  end(): void;
}

export const createLiveBlock = ({ out, err }: Pick<Io, "out" | "err">): LiveBlock => {
  let drawn: readonly string[] = [];
  /** ECMA-48: up to the first line of the block, back to the first column, erase to the end. */
  const erased = (): string => {
    if (drawn.length === 0) return "";
    return `\r${drawn.length > 1 ? `\u001b[${drawn.length - 1}A` : ""}\u001b[J`;
  };
  return {
    draw(lines) {
      out(erased() + lines.join("\n"));
      drawn = lines;
    },
    say(line) {
      const before = erased();
      if (before !== "") out(before);
      err(`${line}\n`);
      if (drawn.length > 0) out(drawn.join("\n"));
    },
    end() {
      if (drawn.length > 0) out("\n");
      drawn = [];
    },
  };
};
