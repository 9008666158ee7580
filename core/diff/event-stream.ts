import type { Budget } from "./budget.ts";
import type { Reader } from "./content.ts";
import { readJsonOrText } from "./json-read.ts";
import { type Part, type PartReading, readStream } from "./stream-read.ts";

// Server-sent events (WHATWG HTML, 9.2). Places: `body/*/data`, and below it where the data is a JSON object or array, `body/*/event`,
// `body/*/id`, `body/*/retry`. Comments are no content: servers send them to keep the connection.
export const readEventStream: Reader = ({ text, isCut }, budget) =>
  readStream({ format: "event stream", parts: partsOf(text), readPart, isCut }, budget);

/** An empty line ends an event; lines end in CR, LF or both. */
const EVENT_END = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g;
const LINE_END = /\r\n|\n|\r/;

function* partsOf(text: string): Iterable<Part> {
  let from = 0;
  for (const end of text.matchAll(EVENT_END)) {
    yield { text: text.slice(from, end.index), isEnded: true };
    from = end.index + end[0].length;
  }
  if (from < text.length) yield { text: text.slice(from), isEnded: false };
}

/** Measured. */
const WORK_PER_CHAR = 0.3;
const WORK_PER_LINE = 8;

const readPart = ({ text, isEnded }: Part, budget: Budget): PartReading => {
  if (!budget.spend(text.length * WORK_PER_CHAR)) return "tooCostly";
  const event: Record<string, unknown> = {};
  const data: string[] = [];
  const lines = text.split(LINE_END);
  if (!budget.spend(lines.length * WORK_PER_LINE)) return "tooCostly";
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (name === "data") data.push(value);
    else if (name === "id" || name === "retry") event[name] = value;
    // "message" is what an event without a name is called.
    else if (name === "event" && value !== "" && value !== "message") event.event = value;
  }
  if (data.length > 0) {
    const reading = readJsonOrText(data.join("\n"), budget);
    if (reading === "tooCostly") return reading;
    event.data = reading.value;
  }
  // The event that the end of the stream breaks off is never dispatched.
  if (!isEnded && Object.keys(event).length > 0) event.unfinished = true;
  return Object.keys(event).length === 0 ? "nothing" : { value: event };
};
