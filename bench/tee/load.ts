/** The reference load: what is asked for and answered in every bench of the tee. */

export const CONNECTIONS = 32;
export const DIVERGING_SHARE = 0.1;
const IDS = { first: 100_000, count: 1_000 } as const;
const BODY_BYTES = 800;

/** Every tenth id is one at which the candidate answers otherwise. */
export const isDiverging = (id: number): boolean => id % Math.round(1 / DIVERGING_SHARE) === 0;

/** JSON of exactly 800 bytes; `version` makes one value differ, not the length. */
export const bodyOf = (id: number, version: "old" | "new"): string => {
  const body = {
    id,
    number: `SO-${id}`,
    status: "shipped",
    price: version === "old" ? 129.95 : 129.59,
    customer: { id: id % 977, name: "Elif Haddad", city: "Lyon", country: "FR" },
    totals: { net: 267.15, taxRate: 0.19, tax: 50.76, gross: 317.91 },
    lines: [1, 2, 3].map((line) => ({
      sku: `SKU-${line}-${id}`,
      quantity: line,
      unitPrice: 37.75 * line,
      gift: false,
    })),
    filler: "",
  };
  const missing = BODY_BYTES - JSON.stringify(body).length;
  return JSON.stringify({ ...body, filler: "lorem ipsum ".repeat(80).slice(0, missing) });
};

export const eachId = <T>(make: (id: number) => T): readonly T[] =>
  Array.from({ length: IDS.count }, (_, index) => make(IDS.first + index));

/** Where in an array from `eachId` the request line's id is found; `target` starts `/orders/1`. */
export const indexOfId = (id: number): number => id - IDS.first;

export const requestOf = (id: number): string =>
  [
    `GET /orders/${id} HTTP/1.1`,
    "Host: bench.example",
    "User-Agent: bench/1.0",
    "Accept: application/json",
    "Accept-Encoding: identity",
    "Cookie: session=5f2b1c",
    "",
    "",
  ].join("\r\n");
