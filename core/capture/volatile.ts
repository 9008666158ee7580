import type { HeaderList } from "./capture.ts";

/**
 * Headers that differ between two answers to the same request by design: of the connection, the moment, the hop or the tracing
 * system. They are never compared and never stored. Names in lower case.
 */
export const VOLATILE_HEADERS: ReadonlySet<string> = new Set([
  // Of the connection (RFC 9110 7.6.1) and its protocols.
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "te",
  "trailer",
  "alt-svc",
  // Of the moment.
  "date",
  "age",
  "x-response-time",
  "x-runtime",
  "x-timer",
  "server-timing",
  "x-envoy-upstream-service-time",
  "x-kong-upstream-latency",
  "x-kong-proxy-latency",
  "ratelimit",
  "ratelimit-remaining",
  "ratelimit-reset",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-rate-limit-remaining",
  "x-rate-limit-reset",
  // Of the hop.
  "via",
  "x-served-by",
  "x-cache",
  "x-cache-hits",
  "x-varnish",
  "x-amz-cf-id",
  "x-amz-cf-pop",
  "cf-ray",
  "cf-cache-status",
  "x-vercel-id",
  "fly-request-id",
  "report-to",
  "nel",
  // Of the request, as tracing sees it.
  "request-id",
  "x-request-id",
  "x-requestid",
  "x-correlation-id",
  "correlation-id",
  "x-amzn-requestid",
  "x-amz-request-id",
  "x-amz-id-2",
  "x-amz-apigw-id",
  "x-amzn-trace-id",
  "x-ms-request-id",
  "x-github-request-id",
  "x-cloud-trace-context",
  "x-trace-id",
  "x-datadog-trace-id",
  "x-datadog-parent-id",
  "traceparent",
  "tracestate",
  "traceresponse",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "b3",
  "uber-trace-id",
  "x-shadowgraph-lane",
  "x-shadowgraph-request-id",
  "x-shadowgraph-signature",
]);

/**
 * Headers that follow from the body: where bodies differ they say so once more, so they are compared only where bodies are equal.
 * Last-Modified is among them: it belongs to the version of the content.
 */
export const DERIVED_HEADERS: ReadonlySet<string> = new Set([
  "content-length",
  "etag",
  "last-modified",
  "content-md5",
  "content-digest",
  "repr-digest",
  "digest",
  "x-amz-checksum-crc32",
  "x-amz-checksum-sha256",
  "x-goog-hash",
]);

/** What decides which headers of answers are compared. */
export interface Compared {
  readonly isHead: boolean;
  readonly hasEqualBodies: boolean;
}

/**
 * Is the header left aside when two answers are compared? Content-Length beside a body is framing: its absence means chunks;
 * in an answer to HEAD it is all that is known of the body.
 */
export const isLeftAside = (name: string, { isHead, hasEqualBodies }: Compared): boolean => {
  const lower = name.toLowerCase();
  if (VOLATILE_HEADERS.has(lower)) return true;
  if (!DERIVED_HEADERS.has(lower)) return false;
  return !hasEqualBodies || (lower === "content-length" && !isHead);
};

/** The header lines that are compared, in their order. */
export const comparedHeaders = (list: HeaderList, compared: Compared): HeaderList =>
  list.filter(([name]) => !isLeftAside(name, compared));

/** Equal once what is left aside is gone: the order of lines matters only among those of one name (RFC 9110 5.3), case of names never. */
export const areHeadersEqual = (a: HeaderList, b: HeaderList, compared: Compared): boolean => {
  if (a === b || (a.length === b.length && a.every((line, index) => isSameLine(line, b[index]!, compared))))
    return true;
  const left = sorted(comparedHeaders(a, compared));
  const right = sorted(comparedHeaders(b, compared));
  return (
    left.length === right.length && left.every(([name, value], i) => name === right[i]![0] && value === right[i]![1])
  );
};

type Line = HeaderList[number];

const isSameLine = (a: Line, b: Line, compared: Compared): boolean =>
  a[0] === b[0] && (a[1] === b[1] || isLeftAside(a[0], compared));

const sorted = (list: HeaderList): Line[] =>
  list.map(([name, value]): Line => [name.toLowerCase(), value]).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
