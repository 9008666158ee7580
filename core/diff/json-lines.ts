import type { Reader } from "./content.ts";
import { readJson } from "./json-read.ts";
import { type Part, type PartReading, readStream } from "./stream-read.ts";

// One JSON text a line (ndjson.org, jsonlines.org), or behind each record separator (RFC 7464). Places: `body/*` and below.
export const readJsonLines: Reader = ({ text, isCut }, budget) => {
  const separator = text.startsWith(RECORD_SEPARATOR) ? RECORD_SEPARATOR : "\n";
  return readStream({ format: "JSON lines", parts: partsOf(text, separator), readPart, isCut }, budget);
};

const RECORD_SEPARATOR = "\u001e";

function* partsOf(text: string, separator: string): Iterable<Part> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(separator, from);
    yield { text: text.slice(from, end === -1 ? text.length : end), isEnded: end !== -1 };
    from = end === -1 ? text.length : end + 1;
  }
}

const readPart = ({ text }: Part, budget: Parameters<Reader>[1]): PartReading => {
  if (text.trim() === "") return "nothing";
  const reading = readJson(text, budget);
  if (reading.kind === "json") return reading;
  return reading.kind === "notJson" ? "broken" : "tooCostly";
};
