import type { Budget } from "./budget.ts";
import type { Content, Reader } from "./content.ts";
import { Fields } from "./fields.ts";
import { readJsonOrText } from "./json-read.ts";
import { setKey } from "./json-value.ts";

// multipart/form-data (RFC 7578) and its relatives (RFC 2046). Places: `body/<field>/content` and, of parts without a name,
// `body/*/content`; beside the content the header lines of the part. The boundary is new with every body, and says nothing.
export const readMultipart: Reader = ({ text, contentType, isCut }, budget): Content | undefined => {
  if (isCut) return { kind: "unread", because: "a multipart body is larger than what is stored" };
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return undefined;
  if (!budget.spend(text.length * WORK_PER_CHAR)) return TOO_COSTLY;
  const parts = partsOf(text, boundary);
  if (parts === undefined) return undefined;
  const named = new Fields(budget);
  const nameless: unknown[] = [];
  for (const part of parts) {
    const read = budget.spend(WORK_PER_PART) ? readPart(part, budget) : "tooCostly";
    if (read === "tooCostly" || (read.name !== undefined && !named.add(read.name, read.value))) return TOO_COSTLY;
    if (read.name === undefined) nameless.push(read.value);
  }
  const data = named.data("multipart");
  if (nameless.length === 0) return data;
  const value = data.names?.length === 0 ? nameless : [...nameless, data.value];
  return { kind: "data", format: "multipart", value };
};

const TOO_COSTLY: Content = { kind: "unread", because: "reading a multipart body takes too much work" };

/** Measured. */
const WORK_PER_CHAR = 0.2;
const WORK_PER_PART = 70;
const WORK_PER_LINE = 40;

const boundaryOf = (contentType: string): string | undefined => {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s";]{1,200}))/i.exec(contentType) ?? [];
  return quoted ?? bare;
};

/** Each part from the line end behind its delimiter on; undefined where the closing delimiter is not there. */
const partsOf = (text: string, boundary: string): readonly string[] | undefined => {
  const delimiter = new RegExp(`(?:^|\\r?\\n)--${RegExp.escape(boundary)}(--)?[ \\t]*(?=\\r?\\n|$)`, "g");
  const parts: string[] = [];
  let from: number | undefined;
  for (const { 0: found, 1: closing, index } of text.matchAll(delimiter)) {
    if (from !== undefined) parts.push(text.slice(from, index));
    if (closing !== undefined) return parts;
    from = index + found.length;
  }
  return undefined;
};

const HEADERS_END = /(?:\r?\n){2}/;
const NAME = /;\s*name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i;

interface Part {
  readonly name: string | undefined;
  readonly value: Readonly<Record<string, unknown>>;
}

const readPart = (part: string, budget: Budget): Part | "tooCostly" => {
  const end = HEADERS_END.exec(part);
  const lines = (end === null ? part : part.slice(0, end.index)).split(/\r?\n/).filter((line) => line !== "");
  if (!budget.spend(lines.length * WORK_PER_LINE)) return "tooCostly";
  const value: Record<string, unknown> = {};
  let name: string | undefined;
  for (const line of lines) {
    const colon = line.indexOf(":");
    const key = line
      .slice(0, colon === -1 ? undefined : colon)
      .trim()
      .toLowerCase();
    if (key === "content-disposition") {
      const [, quoted, bare] = NAME.exec(line) ?? [];
      name = quoted ?? bare;
    }
    setKey(value, key, colon === -1 ? null : line.slice(colon + 1).trim());
  }
  const content = readJsonOrText(end === null ? "" : part.slice(end.index + end[0].length), budget);
  if (content === "tooCostly") return "tooCostly";
  setKey(value, "content", content.value);
  return { name, value };
};
