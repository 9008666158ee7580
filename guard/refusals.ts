import { STATUS_CODES } from "node:http";

/** Why a call was answered by nobody else than the guard. The word is stable: the code of the problem and the label of its counter. */
export const REFUSALS = {
  write: 403,
  "no-answer": 501,
  "unknown-collaborator": 421,
  tunnel: 405,
  upgrade: 501,
  "too-large": 413,
  crowded: 503,
  unreachable: 502,
  late: 504,
} as const;
export type Refusal = keyof typeof REFUSALS;

const TITLES: Readonly<Record<Refusal, string>> = {
  write: "The guard lets no write through",
  "no-answer": "The guard has no answer to this call",
  "unknown-collaborator": "The guard knows no collaborator of this address",
  tunnel: "The guard is no tunnel",
  upgrade: "The guard switches to no other protocol",
  "too-large": "The body is too large to be given an answer of the baseline's",
  crowded: "Too many calls at once",
  unreachable: "The collaborator is not reachable",
  late: "The collaborator did not answer in time",
};

export interface Refused {
  readonly because: Refusal;
  /** Undefined where it is not known which one was meant. */
  readonly collaborator: string | undefined;
  readonly method: string;
  /** What to do about it. */
  readonly next: string;
}

interface Message {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** RFC 9457 problem details, as the API has them; `code` is stable. */
export const problemOf = ({ because, collaborator, method, next }: Refused): Message => {
  const status = REFUSALS[because];
  const whom = collaborator === undefined ? "" : `${collaborator}: `;
  const body = JSON.stringify({
    type: `urn:shadowgraph:problem:guard-${because}`,
    title: TITLES[because],
    status,
    code: `guard-${because}`,
    detail: `${whom}${method} was not passed on. ${next}`,
    ...(collaborator === undefined ? {} : { collaborator }),
    method,
  });
  return {
    status,
    headers: {
      "content-type": "application/problem+json",
      "content-length": String(Buffer.byteLength(body)),
      "x-shadowgraph-guard": `refused; ${because}`,
      ...(because === "tunnel" ? { allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" } : {}),
    },
    body,
  };
};

/** The same as bytes, for a connection that no longer speaks HTTP by Node; it ends after it. */
export const problemBytes = (refused: Refused): string => {
  const { status, headers, body } = problemOf(refused);
  const fields = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join("")}\r\n${body}`;
};
