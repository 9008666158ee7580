import { type FieldFault, ShadowgraphError } from "../core/errors.ts";
import type { Io } from "./io.ts";

/** `NAME=VALUE`, and lines of it; a value is never shown, not even where it is at fault. */
export const FILL_FLAGS = [
  [
    "--fill <name=value...>",
    "a value for what was hidden, such as authorization=..., cookie:sid=..., query:token=..., body:password=...",
  ],
  ["--fill-file <file>", "lines of name=value: unlike arguments, other users of the machine do not see them"],
] as const;

/** @throws ShadowgraphError "invalid-input" that names where something is wrong, and no value */
export const fillOf = (
  given: { readonly fill?: readonly string[] | undefined; readonly fillFile?: string | undefined },
  io: Pick<Io, "readFile">,
): Readonly<Record<string, string>> => {
  const { fill = [], fillFile } = given;
  const lines = fillFile === undefined ? [] : linesOf(fillFile, io);
  const faults: FieldFault[] = [];
  const entries = [
    ...lines.map(({ text, line }) => ({ text, field: `${fillFile}:${line}` })),
    ...fill.map((text, index) => ({ text, field: fill.length === 1 ? "--fill" : `--fill (number ${index + 1})` })),
  ].flatMap(({ text, field }): [string, string][] => {
    const equals = text.indexOf("=");
    if (equals > 0) return [[text.slice(0, equals).trim(), text.slice(equals + 1)]];
    faults.push({ field, message: "must be name=value" });
    return [];
  });
  if (faults.length === 0) return Object.fromEntries(entries);
  throw new ShadowgraphError("invalid-input", "the values to fill in are not valid", { faults });
};

const linesOf = (file: string, io: Pick<Io, "readFile">): { readonly text: string; readonly line: number }[] => {
  let text: string;
  try {
    text = io.readFile(file);
  } catch (cause) {
    const message = `cannot be read: ${(cause as NodeJS.ErrnoException).code ?? "unknown"}; got "${file}"`;
    throw new ShadowgraphError("invalid-input", "the options are not valid", {
      faults: [{ field: "--fill-file", message }],
    });
  }
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line, line: index + 1 }))
    .filter(({ text: line }) => line.trim() !== "" && !line.startsWith("#"));
};
