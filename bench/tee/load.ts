/** What is asked for and answered. */
export interface Load {
  /** The body of every answer: JSON. */
  readonly answerBytes: number;
  /** The body of every request, which is then a POST; 0 is a GET. */
  readonly requestBytes: number;
  /** Share of the ids at which the candidate answers otherwise. */
  readonly divergingShare: number;
  readonly connections: number;
  /** A new connection for each request. */
  readonly reconnects: boolean;
  /** So many different requests and answers, held ready. */
  readonly ids: number;
}

export const REFERENCE: Load = {
  answerBytes: 800,
  requestBytes: 0,
  divergingShare: 0.1,
  connections: 32,
  reconnects: false,
  ids: 1_000,
};

const FIRST_ID = 100_000;
/** All of a body but its lines, and the longest line. */
const FRAME_BYTES = 500;
const LINE_BYTES = 84;
const LEAST_LINES = 3;

export const isDiverging = (id: number, share: number): boolean => share > 0 && id % Math.round(1 / share) === 0;

/** JSON of exactly `bytes`, at least 800; `version` makes one value differ, not the length. */
export const bodyOf = (id: number, version: "old" | "new", bytes = REFERENCE.answerBytes): string => {
  const lines = Math.max(LEAST_LINES, Math.floor((bytes - FRAME_BYTES) / LINE_BYTES));
  const body = {
    id,
    number: `SO-${id}`,
    status: "shipped",
    price: version === "old" ? 129.95 : 129.59,
    customer: { id: id % 977, name: "Elif Haddad", city: "Lyon", country: "FR" },
    totals: { net: 267.15, taxRate: 0.19, tax: 50.76, gross: 317.91 },
    lines: Array.from({ length: lines }, (_, index) => ({
      sku: `SKU-${index + 1}-${id}`,
      quantity: index + 1,
      unitPrice: 37.75 * (index + 1),
      gift: false,
    })),
    filler: "",
  };
  const missing = bytes - JSON.stringify(body).length;
  return JSON.stringify({ ...body, filler: "lorem ipsum ".repeat(Math.ceil(missing / 12)).slice(0, missing) });
};

export const eachId = <T>(make: (id: number) => T, { ids }: Pick<Load, "ids"> = REFERENCE): readonly T[] =>
  Array.from({ length: ids }, (_, index) => make(FIRST_ID + index));

/** Where in an array from `eachId` the id of a request whose target starts `/orders/1` is found. */
export const indexOfId = (id: number): number => id - FIRST_ID;

export const requestOf = (id: number, { requestBytes, reconnects }: Load = REFERENCE): string => {
  const body = requestBytes === 0 ? "" : bodyOf(id, "old", requestBytes);
  const lines = [
    `${body === "" ? "GET" : "POST"} /orders/${id} HTTP/1.1`,
    "Host: bench.example",
    "User-Agent: bench/1.0",
    "Accept: application/json",
    "Accept-Encoding: identity",
    "Cookie: session=5f2b1c",
    ...(body === "" ? [] : ["Content-Type: application/json", `Content-Length: ${body.length}`]),
    ...(reconnects ? ["Connection: close"] : []),
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
};
