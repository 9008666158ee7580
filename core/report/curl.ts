import type { LanesOfService } from "./report.ts";

/** What asks the candidate the same again, and what must be known before it is run. */
export interface Curl {
  /** One line of printable ASCII for a POSIX shell. */
  readonly command: string;
  readonly hints: readonly string[];
}

const HIDDEN_VALUE = "HIDDEN";
/** As core/capture marks what it hid. */
const MARKER = /~r:[snbzoa]:[0-9a-f]{16}/g;
/** An ellipsis stands where a request line was cut. */
const CUT = "…";

/** `request` is the redacted request line of an example: `GET /orders/1?full=true`. */
export const curlOf = (request: string, lanes: readonly LanesOfService[]): Curl => {
  const [, method = "GET", target = "/"] = /^(\S+) (.*)$/s.exec(request) ?? [];
  const [only, ...others] = lanes;
  const isKnown = only !== undefined && others.length === 0;
  const url = isKnown ? only.candidate.url.replace(/\/+$/, "") : "";
  const shown = inUrl(target.replace(CUT, "").replaceAll(MARKER, HIDDEN_VALUE));
  const address = target.startsWith("/")
    ? quoted(url + shown)
    : `${quoted(`${url}/`)} --request-target ${quoted(shown)}`;
  return {
    command: ["curl -si", ...methodOf(method), ...flagsOf(shown), (isKnown ? "" : '"$CANDIDATE"') + address].join(" "),
    hints: [
      ...(isKnown ? [] : [`set CANDIDATE to where the service answers: ${lanes.map(urlOf).join(", ") || "unknown"}`]),
      ...(target.match(MARKER) ? [`${HIDDEN_VALUE} stands for a value that was hidden: put one of yours`] : []),
      ...(target.endsWith(CUT) ? ["the address was longer than what is kept of it"] : []),
      ...(BODILESS.has(method) ? [] : ["the body is not kept with the example"]),
    ],
  };
};

const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "DELETE"]);

const urlOf = ({ service, candidate }: LanesOfService): string => `${inUrl(service)} ${inUrl(candidate.url)}`;

const methodOf = (method: string): readonly string[] => {
  if (method === "GET") return [];
  return method === "HEAD" ? ["--head"] : ["-X", quoted(inUrl(method))];
};

/** curl reads brackets and braces as patterns, and takes dots out of paths, unless told not to. */
const flagsOf = (target: string): readonly string[] => [
  ...(/[[\]{}]/.test(target) ? ["--globoff"] : []),
  ...(/\/\.{1,2}(?:[/?#]|$)/.test(target) ? ["--path-as-is"] : []),
];

/** What is no printable ASCII is percent-encoded: as its byte, since request targets are read as latin-1, else as UTF-8. */
const inUrl = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\x21-\x7e]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code > 0xff ? encodeURIComponent(char) : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });

/** POSIX shell, 2.2.2: nothing is special between single quotes but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
