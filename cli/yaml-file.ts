import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type * as z from "zod";
import { type ErrorCode, type FieldFault, ShadowgraphError } from "../core/errors.ts";
import type { Io } from "./io.ts";
import { type Path, schemaFaults } from "./schema-faults.ts";

const MAX_FILE_CHARS = 1_048_576;
/** An anchor repeated inside anchors grows without bound ("billion laughs"); our files hardly need one. */
const MAX_ALIASES = 100;

/** Faults of a file, each with its line. */
export class FileError extends ShadowgraphError {
  readonly file: string;
  constructor(code: ErrorCode, file: string, message: string, faults: readonly FieldFault[], cause?: unknown) {
    super(code, message, { faults, cause });
    this.file = file;
  }
}

/** Reads a YAML file of the given shape. @throws FileError "invalid-input" with all faults together, each with its line */
export const readYamlFile = <T extends z.ZodType>(io: Pick<Io, "readFile">, file: string, schema: T): z.infer<T> => {
  const lines = new LineCounter();
  const document = parseDocument(textOf(io, file), { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw faulty(
      file,
      document.errors.map(({ message, pos }) => ({ field: "YAML", message: firstLine(message), line: lineAt(pos[0]) })),
    );
  }
  const value = plainOf(document, file);
  const faults = schemaFaults(schema, value).map(({ path, field, message }) => ({
    field,
    message,
    line: lineAt(offsetOf(document, path)),
  }));
  if (faults.length > 0)
    throw faulty(
      file,
      faults.toSorted((a, b) => a.line - b.line),
    );
  return schema.parse(value);
};

const faulty = (file: string, faults: readonly FieldFault[]): FileError =>
  new FileError(
    "invalid-input",
    file,
    `${file} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}`,
    faults,
  );

const textOf = (io: Pick<Io, "readFile">, file: string): string => {
  let text: string;
  try {
    text = io.readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(code ?? cause);
    throw new FileError("invalid-input", file, `cannot read ${file}: ${why}`, [], cause);
  }
  if (text.length <= MAX_FILE_CHARS) return text;
  throw new FileError("invalid-input", file, `${file} is over ${MAX_FILE_CHARS} characters`, []);
};

const plainOf = (document: Document.Parsed, file: string): unknown => {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const message = `has anchors (&) or aliases (*) that cannot be resolved within ${MAX_ALIASES}: write the values out`;
    throw faulty(file, [
      { field: "YAML", message: `${message} (${firstLine(cause instanceof Error ? cause.message : "")})` },
    ]);
  }
};

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

/** Of the key at `path`; of the last one above it that is there. */
const offsetOf = (document: Document.Parsed, path: Path): number => {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isScalar(pair?.key)) return offset;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = node.items[Number(step)] as Node | undefined;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
};
