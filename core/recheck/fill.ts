import { Buffer } from "node:buffer";
import type { HeaderList } from "../capture/capture.ts";
import { headerValue } from "../capture/head.ts";
import { MARKER } from "../capture/marker-form.ts";
import type { StoredRequest } from "../segment/segment.ts";

/**
 * What stands for hidden values when a request is sent again, by what they are: `authorization` (any part of that name),
 * `header:authorization`, `cookie:sid`, `query:token`, `body:password`, or the marker that was stored, `~r:s:…`. Names of headers in lower case.
 */
export type Fill = Readonly<Record<string, string>>;

/** A request with every hidden value filled in; never to be stored or logged. */
export interface WholeRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

export interface Filled {
  readonly request: WholeRequest;
  /** Names of what is still hidden: `header:authorization`; the marker itself where the part has no name. */
  readonly missing: readonly string[];
}

type Part = "header" | "cookie" | "query" | "body";

const ONE_MARKER = new RegExp(MARKER);
const MARKERS = new RegExp(MARKER, "g");
/** Of null nothing is hidden but that it is one. */
const NULL_MARKER = "~r:z:";

/** Puts values where markers stand. Texts are latin-1 of their bytes, as everywhere in a stored message. */
class Filling {
  readonly #fill: ReadonlyMap<string, string>;
  /** Case tells nothing in names of headers (RFC 9110 5.1). */
  readonly #ofHeaders: ReadonlyMap<string, string>;
  readonly missing = new Set<string>();

  constructor(fill: Fill) {
    const given = Object.entries(fill).map(([name, value]) => [name, bytesOf(value)] as const);
    this.#fill = new Map(given);
    this.#ofHeaders = new Map(given.map(([name, value]) => [name.toLowerCase(), value]));
  }

  given(part: Part, name: string): string | undefined {
    const values = part === "header" ? this.#ofHeaders : this.#fill;
    return values.get(`${part}:${name}`) ?? values.get(name);
  }

  /** The text with each marker that is given by itself replaced; `name` is told of the others. */
  byMarker(text: string, name: string | undefined, written: (value: string) => string = plain): string {
    return text.replace(MARKERS, (marker) => {
      const value = this.#fill.get(marker);
      if (value !== undefined) return written(value);
      this.missing.add(name ?? marker);
      return marker;
    });
  }
}

const plain = (value: string): string => value;
const bytesOf = (value: string): string => Buffer.from(value, "utf8").toString("latin1");
const textOf = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
const inUrl = (value: string): string => encodeURIComponent(textOf(value).toWellFormed());
const isHidden = (text: string): boolean => ONE_MARKER.test(text);

/** The request as it was sent, as far as what was hidden of it is given. */
export const fillIn = ({ method, target, headers, body }: StoredRequest, fill: Fill): Filled => {
  const filling = new Filling(fill);
  const request = {
    method,
    target: filledTarget(target, filling),
    headers: headers.map(([name, value]): [string, string] => [name, filledHeader(name.toLowerCase(), value, filling)]),
    body: filledBody(body.content, headerValue(headers, "content-type") ?? "", filling),
  };
  return { request, missing: [...filling.missing] };
};

const filledHeader = (name: string, value: string, filling: Filling): string => {
  if (!isHidden(value)) return value;
  const whole = filling.given("header", name);
  if (whole !== undefined) return whole;
  if (name !== "cookie") return filling.byMarker(value, `header:${name}`);
  const cookies = value.split(";").map((cookie) => {
    if (!isHidden(cookie)) return cookie;
    const [key, rest] = [cookie.slice(0, cookie.indexOf("=") + 1), cookie.slice(cookie.indexOf("=") + 1)];
    const called = key.slice(0, -1).trim();
    const given = filling.given("cookie", called);
    return given === undefined ? key + filling.byMarker(rest, `cookie:${called}`) : key + given;
  });
  return cookies.join(";");
};

const filledTarget = (target: string, filling: Filling): string => {
  if (!isHidden(target)) return target;
  const query = target.indexOf("?") + 1;
  if (query === 0) return filling.byMarker(target, undefined, inUrl);
  return (
    filling.byMarker(target.slice(0, query), undefined, inUrl) + filledParameters(target.slice(query), "query", filling)
  );
};

const filledParameters = (text: string, part: "query" | "body", filling: Filling): string =>
  text
    .split(/([&;])/)
    .map((parameter) => {
      if (!isHidden(parameter)) return parameter;
      const start = parameter.indexOf("=") + 1;
      const name = decoded(parameter.slice(0, Math.max(0, start - 1)));
      const value = parameter.slice(start);
      const given = value.replace(ONE_MARKER, "") === "" ? filling.given(part, name) : undefined;
      if (given !== undefined) return parameter.slice(0, start) + inUrl(given);
      return parameter.slice(0, start) + filling.byMarker(value, name === "" ? undefined : `${part}:${name}`, inUrl);
    })
    .join("");

const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
};

const JSON_LIKE = /^(?:\xef\xbb\xbf)?\s*[[{]/;
/** A marker that is the whole of a string, with the key before it where there is one; or one within a longer text. */
const IN_JSON = new RegExp(String.raw`(?:"((?:[^"\\]|\\.){0,256})"\s*:\s*)?"(${MARKER})"|(${MARKER})`, "g");

const filledBody = (content: Uint8Array, contentType: string, filling: Filling): Uint8Array => {
  const text = Buffer.from(content).toString("latin1");
  if (!isHidden(text)) return content;
  const filled =
    JSON_LIKE.test(text) || /[/+]json\b/i.test(contentType)
      ? filledJson(text, filling)
      : /x-www-form-urlencoded/i.test(contentType)
        ? filledParameters(text, "body", filling)
        : filling.byMarker(text, undefined);
  return Buffer.from(filled, "latin1");
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(textOf(text));
    return true;
  } catch {
    return false;
  }
};

const quoted = (value: string): string => bytesOf(JSON.stringify(textOf(value)));

const filledJson = (text: string, filling: Filling): string =>
  text.replace(IN_JSON, (found: string, key: string | undefined, whole: string | undefined, within: string) => {
    if (whole === undefined) return filling.byMarker(within, undefined, (value) => quoted(value).slice(1, -1));
    const before = found.slice(0, found.length - whole.length - 2);
    if (whole.startsWith(NULL_MARKER)) return `${before}null`;
    const name = key === undefined ? undefined : textOf(key);
    const given = (name === undefined ? undefined : filling.given("body", name)) ?? filling.given("body", whole);
    if (given === undefined) {
      filling.missing.add(name === undefined ? whole : `body:${name}`);
      return found;
    }
    return before + (!whole.startsWith("~r:s:") && isJson(given) ? given : quoted(given));
  });
