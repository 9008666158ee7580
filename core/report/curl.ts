import { MARKER } from "../capture/marker-form.ts";
import type { LanesOfService } from "./report.ts";

/** What asks the candidate the same again, and what must be known before it is run. */
export interface Curl {
  /** One line of printable ASCII for a POSIX shell. */
  readonly command: string;
  readonly hints: readonly string[];
}

const HIDDEN_VALUE = "HIDDEN";
const MARKERS = new RegExp(MARKER, "g");
/** Stands where more was there. */
const CUT = "…";

interface Asked {
  /** Redacted request line: `GET /orders/1?full=true`. */
  readonly request: string;
  readonly content?: Content | undefined;
}
interface Content {
  readonly type: string;
  readonly text: string;
}

export const curlOf = ({ request, content }: Asked, lanes: readonly LanesOfService[]): Curl => {
  const [, method = "GET", target = "/"] = /^(\S+) (.*)$/s.exec(request) ?? [];
  const [only, ...others] = lanes;
  // Empty while one that is deployed does not answer.
  const url = (others.length === 0 && only?.candidate.url.replace(/\/+$/, "")) || undefined;
  const { before, data } = dataOf(method === "HEAD" ? undefined : content);
  const command = ["curl -si", ...methodOf(method, data.length > 0), ...data, ...addressOf(target, url)];
  return { command: [...before, ...command].join(" "), hints: hintsOf({ method, target, content }, url, lanes) };
};

const methodOf = (method: string, hasData: boolean): readonly string[] => {
  if (method === "HEAD") return ["--head"];
  return method === "GET" && !hasData ? [] : ["-X", quoted(inUrl(method))];
};

/** The body, and what is piped into curl for it: what is no printable ASCII comes by printf, whose %b reads octal bytes in every POSIX shell. */
const dataOf = (
  content: Content | undefined,
): { readonly before: readonly string[]; readonly data: readonly string[] } => {
  if (content === undefined) return { before: [], data: [] };
  const text = whole(content.text);
  const type = /^[\x20-\x7e]*$/.test(content.type) ? content.type : "";
  const header = ["-H", quoted(`content-type: ${type}`.trimEnd())];
  if (/^[\x20-\x7e]*$/.test(text)) return { before: [], data: [...header, "--data-raw", quoted(text)] };
  return { before: ["printf %b", quoted(octal(text)), "|"], data: [...header, "--data-binary", "@-"] };
};

const octal = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\0${byte.toString(8).padStart(3, "0")}`,
  ).join("");

const addressOf = (target: string, url: string | undefined): readonly string[] => {
  const shown = inUrl(whole(target));
  const base = url === undefined ? '"$CANDIDATE"' : "";
  const isPath = target.startsWith("/");
  return [
    // curl reads brackets and braces as patterns, and takes dots out of paths, unless told not to.
    ...(/[[\]{}]/.test(shown) ? ["--globoff"] : []),
    ...(/\/\.{1,2}(?:[/?#]|$)/.test(shown) ? ["--path-as-is"] : []),
    base + quoted(`${url ?? ""}${isPath ? shown : "/"}`),
    ...(isPath ? [] : ["--request-target", quoted(shown)]),
  ];
};

const hintsOf = (
  { method, target, content }: { readonly method: string; readonly target: string; readonly content: Asked["content"] },
  url: string | undefined,
  lanes: readonly LanesOfService[],
): readonly string[] => {
  const services = lanes.map(({ service, candidate }) => `${inUrl(service)} ${inUrl(candidate.url)}`).join(", ");
  const hints: readonly (readonly [holds: boolean, hint: string])[] = [
    [url === undefined, `set CANDIDATE to where the service answers: ${services || "unknown"}`],
    [
      `${target}${content?.text}`.search(MARKERS) >= 0,
      `${HIDDEN_VALUE} stands for a value that was hidden: put one of yours`,
    ],
    [target.endsWith(CUT), "the address was longer than what is kept of it"],
    [content?.text.endsWith(CUT) === true, "the body was longer than what is kept of it"],
    [content === undefined && !BODILESS.has(method), "there was no body, or one that is not kept"],
  ];
  return hints.filter(([holds]) => holds).map(([, hint]) => hint);
};

const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "DELETE"]);

/** Without what only stands for something. */
const whole = (text: string): string =>
  (text.endsWith(CUT) ? text.slice(0, -CUT.length) : text).replaceAll(MARKERS, HIDDEN_VALUE);

/** What is no printable ASCII is percent-encoded: as its byte, since request targets are read as latin-1, else as UTF-8. */
const inUrl = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\x21-\x7e]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code > 0xff ? encodeURIComponent(char) : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });

/** POSIX shell, 2.2.2: nothing is special between single quotes but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
