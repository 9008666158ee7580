import type { VerdictName } from "../../core/verdict/verdict.ts";
import type { Io } from "../io.ts";

export type Colour = "bold" | "dim" | "red" | "green" | "yellow";
export type Paint = (colour: Colour, text: string) => string;

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

const plain: Paint = (_colour, text) => text;
const coloured: Paint = (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;

/** Colours only for a terminal that takes them, and never against the user's wish (no-color.org). */
export const paintOf = ({ isTerminal, env }: Pick<Io, "isTerminal" | "env">): Paint =>
  isTerminal && !env.NO_COLOR && env.TERM !== "dumb" ? coloured : plain;

export const COLOUR_OF: Readonly<Record<VerdictName, Colour>> = {
  SAFE: "green",
  REGRESSION: "red",
  UNDECIDED: "yellow",
  INVALID: "yellow",
};
