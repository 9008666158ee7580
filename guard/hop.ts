import type { HeaderList } from "../core/capture/capture.ts";

/** Fields of one connection, not of the message (RFC 9110 7.6.1). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "expect",
]);

/** Node's flat list of names and values, in pairs. */
export const headersOf = (raw: readonly string[]): HeaderList =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!] as const);

/** What goes on to the next hop: neither what belongs to the connection nor what Connection names. */
export const onwards = (headers: HeaderList): HeaderList => {
  const named = headers
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.toLowerCase().split(/[ \t,]+/));
  const dropped = new Set(named);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !OF_THE_CONNECTION.has(lower) && (!dropped.has(lower) || lower === "content-length");
  });
};
