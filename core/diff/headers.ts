import type { HeaderList } from "../capture/capture.ts";
import { DERIVED_HEADERS } from "../capture/volatile.ts";
import type { StoredResponded } from "../segment/segment.ts";
import type { Answer } from "./answer.ts";
import { isSameBody } from "./bodies.ts";
import type { Differences } from "./differences.ts";

/** Places `header/<name>`, kind header whether a header is there or not. */
export const compareHeaders = (left: Answer, right: Answer, found: Differences): void => {
  if (left.capture.outcome === "failed" || right.capture.outcome === "failed") return;
  const [a, b] = [left.capture, right.capture];
  if (a.headers.kind === "equal" && b.headers.kind === "equal") return;
  if (a.headers.kind === "equal" || b.headers.kind === "equal")
    return found.leaveUndecided("headers were stored for one lane only");
  const [lefts, rights] = [byName(a.headers.list), byName(b.headers.list)];
  for (const name of new Set([...lefts.keys(), ...rights.keys()])) {
    const [leftLines, rightLines] = [lefts.get(name), rights.get(name)];
    if (isLeftAside(name, a, b, leftLines, rightLines)) continue;
    if (leftLines && rightLines && meaningOf(name, leftLines) === meaningOf(name, rightLines)) continue;
    found.add(`header/${name}`, "header", leftLines?.join("\n"), rightLines?.join("\n"), "text");
  }
};

type Lines = readonly string[];

const byName = (list: HeaderList): ReadonlyMap<string, Lines> => {
  const names = new Map<string, string[]>();
  for (const [name, value] of list) {
    const key = name.toLowerCase();
    const lines = names.get(key);
    if (lines === undefined) names.set(key, [value]);
    else lines.push(value);
  }
  return names;
};

/**
 * What follows from the body says nothing new where bodies differ. Beside a body Content-Length is framing (RFC 9112, 6);
 * without one it is what an answer to HEAD promises, except for the 0 that may be written or left out.
 */
const isLeftAside = (
  name: string,
  left: StoredResponded,
  right: StoredResponded,
  leftLines: Lines | undefined,
  rightLines: Lines | undefined,
): boolean => {
  if (!DERIVED_HEADERS.has(name)) return false;
  if (!isSameBody(left.body, right.body)) return true;
  if (name !== "content-length") return false;
  return left.body.bytes > 0 || [leftLines, rightLines].every((lines) => lines === undefined || lines[0] === "0");
};

/** Lists of tokens in which neither order nor case matters (RFC 9110, 9111, Fetch). */
const TOKEN_SETS: ReadonlySet<string> = new Set([
  "vary",
  "allow",
  "cache-control",
  "pragma",
  "accept-ranges",
  "accept-ch",
  "accept-patch",
  "accept-post",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-expose-headers",
  "clear-site-data",
]);

/** Two sets of lines of one header mean the same where these texts are equal. */
const meaningOf = (name: string, lines: Lines): string => {
  if (TOKEN_SETS.has(name)) return [...new Set(lines.flatMap(tokensOf))].sort().join(",");
  if (name === "content-type") return lines.map(mediaTypeOf).join("\n");
  // Each line is a cookie of its own; a comma in it is part of a date (RFC 6265, 3).
  if (name === "set-cookie") return [...lines].sort().join("\n");
  // RFC 9110, 5.3: several lines are one list, joined by commas.
  return lines.join(", ");
};

/** Split at commas outside quoted strings (RFC 9110, 5.6.4); by hand, because a pattern for that is quadratic on hostile lines. */
const tokensOf = (line: string): readonly string[] => {
  const tokens: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    const char = line[index];
    if (char === '"') isQuoted = !isQuoted;
    else if (char === "\\" && isQuoted) index++;
    else if (char === "," && !isQuoted) {
      tokens.push(line.slice(start, index));
      start = index + 1;
    }
  }
  tokens.push(line.slice(start));
  return tokens.map(directiveOf).filter((token) => token !== "");
};

/** `Max-Age = 1` is `max-age=1`. */
const directiveOf = (token: string): string =>
  token
    .split("=")
    .map((part) => part.trim().toLowerCase())
    .join("=");

/**
 * RFC 9110, 8.3.1: type, parameter names and charset in any case, white space and quotes without meaning. The boundary of a
 * multipart body is new with every body.
 */
const mediaTypeOf = (line: string): string => {
  const [type = "", ...parts] = line.split(";").map((part) => part.trim());
  const parameters = parts.filter((part) => part !== "").map(parameterOf);
  const isMultipart = /^multipart\//i.test(type);
  return [
    type.toLowerCase(),
    ...parameters.filter((parameter) => !(isMultipart && parameter.startsWith("boundary="))).sort(),
  ].join(";");
};

const parameterOf = (parameter: string): string => {
  const [name = "", ...rest] = parameter.split("=");
  const value = rest
    .join("=")
    .trim()
    .replace(/^"(.*)"$/, "$1");
  const key = name.trim().toLowerCase();
  return `${key}=${key === "charset" ? value.toLowerCase() : value}`;
};
