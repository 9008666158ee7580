import { decodeText } from "../../core/diff/charset.ts";
import type { Odd } from "../../core/noise/facts.ts";
import type { Marks } from "../../core/noise/odd.ts";
import type { StoredBody, StoredCapture, StoredPair, StoredRequest } from "../../core/segment/segment.ts";
import type { StoredPairShape } from "./shapes-pairs.ts";

type AnswerView = StoredPairShape["primary"];
type Divergence = StoredPairShape["divergences"][number];

/** A pair as it is stored, with where its answers differ. */
export const pairView = (pair: StoredPair, { marks }: Pick<Marks, "marks">): StoredPairShape => {
  const { id, at, endpoint, request, primary, candidate, secondary } = pair;
  const [method = "", template = ""] = endpoint.split(/ (.*)/s);
  return {
    pair: id,
    at,
    method: request?.method ?? method,
    target: request?.target ?? template,
    requestHeaders: headersView(request?.headers ?? []),
    requestBody: requestBody(request),
    primary: answerView(primary),
    candidate: answerView(candidate),
    secondary: secondary === undefined ? null : answerView(secondary),
    divergences: marks.map(({ place, kind, odd }) => ({ place, kind, alone: ALONE[odd] })),
  };
};

const ALONE: Readonly<Record<Odd, Divergence["alone"]>> = {
  primary: "primary",
  candidate: "candidate",
  secondary: "secondary",
  all: "all",
  format: "all",
  unknown: "unknown",
  reverse: "unknown",
};

const headersView = (list: readonly (readonly [string, string])[]) => list.map(([name, value]) => ({ name, value }));

const requestBody = (request: StoredRequest | undefined): StoredPairShape["requestBody"] => {
  const { content, bytes, cut } = request?.body ?? { content: new Uint8Array(), bytes: 0, cut: false };
  const text = decodeText(content, contentType(request?.headers ?? []), cut).text.toWellFormed();
  return { equal: false, bytes, text: bytes > 0 && content.length === 0 ? null : text, cut };
};

const contentType = (headers: readonly (readonly [string, string])[]): string =>
  headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";

const answerView = (capture: StoredCapture): AnswerView => {
  if (capture.outcome === "failed")
    return { status: null, failure: capture.reason, ms: capture.ms, headers: null, body: null };
  const list = capture.headers.kind === "list" ? capture.headers.list : undefined;
  return {
    status: capture.status,
    failure: null,
    ms: capture.ms,
    headers: list === undefined ? null : headersView(list),
    body: bodyView(capture.body, contentType(list ?? [])),
  };
};

const bodyView = (body: StoredBody, type: string): NonNullable<AnswerView["body"]> => {
  if (body.kind === "equal") return { equal: true, bytes: body.bytes, text: null, cut: false };
  const { bytes, content, cut } = body;
  const isUnreadable = bytes > 0 && content.length === 0;
  return { equal: false, bytes, text: isUnreadable ? null : decodeText(content, type, cut).text.toWellFormed(), cut };
};
