import type { Answer } from "./answers.ts";

/** One thing that the overlay does otherwise, and where Shadowgraph is expected to find it. */
export interface Change {
  readonly name: string;
  readonly endpoint: string;
  readonly place: string;
  readonly kind: "status" | "type" | "value" | "removed" | "order";
  readonly apply: (answer: Answer, id: number) => Answer;
}

type Row = Readonly<Record<string, unknown>>;

const inBody =
  (change: (body: Row) => Row): Change["apply"] =>
  (answer) =>
    answer.status === 200 ? { ...answer, body: change(answer.body) } : answer;

/** The planted changes, all of them. README.md lists the same. */
export const CHANGES: readonly Change[] = [
  {
    name: "a missing customer with an even id gives 500, not 404",
    endpoint: "GET /customers/{id}",
    place: "status",
    kind: "status",
    apply: (answer, id) => (answer.status === 404 && id % 2 === 0 ? { ...answer, status: 500 } : answer),
  },
  {
    name: "quantity is a string",
    endpoint: "GET /orders/{id}/lines",
    place: "body/lines/*/quantity",
    kind: "type",
    apply: inBody(({ lines, ...rest }) => ({
      ...rest,
      lines: (lines as readonly Row[]).map((line) => ({ ...line, quantity: String(line.quantity) })),
    })),
  },
  {
    name: "the tax rate is rounded to three decimals: 0.0825 becomes 0.083",
    endpoint: "GET /orders/{id}",
    place: "body/totals/taxRate",
    kind: "value",
    apply: inBody((body) => {
      const totals = body.totals as { readonly taxRate: number };
      return { ...body, totals: { ...totals, taxRate: Math.round(totals.taxRate * 1000) / 1000 } };
    }),
  },
  {
    name: "creditLimit is missing",
    endpoint: "GET /customers/{id}",
    place: "body/creditLimit",
    kind: "removed",
    apply: inBody(({ creditLimit: _dropped, ...rest }) => rest),
  },
  {
    name: "lines are sorted by sku rather than kept in order of entry",
    endpoint: "GET /orders/{id}",
    place: "body/lines",
    kind: "order",
    apply: inBody(({ lines, ...rest }) => ({
      ...rest,
      lines: [...(lines as readonly { readonly sku: string }[])].sort((a, b) => (a.sku < b.sku ? -1 : 1)),
    })),
  },
];

/** `endpoint` with the method GET, whatever the request's was: HEAD is answered as GET is, without the body. */
export const withChanges = (answer: Answer, endpoint: string, id: number, undone: readonly string[] = []): Answer =>
  CHANGES.filter((change) => change.endpoint === endpoint && !undone.includes(change.place)).reduce(
    (value, change) => change.apply(value, id),
    answer,
  );
