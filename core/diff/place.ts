/** How two captures differ at a place. */
export const KINDS = [
  "added",
  "removed",
  "type",
  "schema",
  "value",
  "order",
  "length",
  "status",
  "call",
  "header",
  "failure",
  "latency",
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that break a caller at any rate. */
export const BREAKING: ReadonlySet<Kind> = new Set<Kind>(["status", "removed", "type", "schema", "failure"]);

/** Kinds by which one value differs from another. */
export const OF_VALUES: ReadonlySet<Kind> = new Set<Kind>(["value", "header", "call"]);

// Where captures can differ, as a path: `status`, `failure`, `latency`, `header/<lower-case name>`, or `body` followed by
// an RFC 6901 pointer in which `*` stands for any array item: `body/items/*/price`. A body that is no JSON is `body`.
// What a lane called for the request is `calls/extra/<call>`, `calls/missing/<call>`, `calls/changed/<call>/…` or `calls/order`; a call is `payments POST /charges/{id}`.
export type Place = string;

/** One place at which two captures differ; both values as short text for people, "" where the side has none. */
export interface Divergence {
  readonly place: Place;
  readonly kind: Kind;
  readonly left: string;
  readonly right: string;
}
