import {
  type Customer,
  customerById,
  type Line,
  type Order,
  type OrderBook,
  type OrderFilter,
  STATUSES,
} from "./shop.ts";

/** What the shop answers, without the noise that the server adds to it. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const MAX_PAGE_SIZE = 50;
const MAX_KEPT_DRAFTS = 100;

const orderBody = ({ id, number, status, placedOn, currency, customer, lines, net, tax, gross, taxRate }: Order) => ({
  id,
  number,
  status,
  placedOn,
  currency,
  customer: { id: customer.id, name: customer.name, href: `/customers/${customer.id}` },
  shipping: { city: customer.city, country: customer.country, method: gross > 100 ? "insured parcel" : "parcel" },
  totals: { net, taxRate, tax, gross },
  payment: { method: gross > 200 ? "invoice" : "direct debit", dueDays: gross > 200 ? 30 : 0, reminders: 0 },
  note: id % 4 === 0 ? "Please ring twice; the bell is quiet." : "Leave with a neighbour if nobody is at home.",
  lines: lines.map(({ sku, name, unitPrice, warehouse }) => ({ sku, name, unitPrice, warehouse })),
  links: { self: `/orders/${id}`, lines: `/orders/${id}/lines`, terms: "https://shop.example/terms/2025-01" },
});

const linesBody = (order: Order) => ({
  order: order.id,
  count: order.lines.length,
  lines: order.lines.map((line: Line) => ({ ...line, amount: Math.round(line.quantity * line.unitPrice * 100) / 100 })),
});

const customerBody = (customer: Customer) => ({
  ...customer,
  segment: customer.creditLimit > 3000 ? "business" : "household",
  preferences: { newsletter: customer.id % 3 === 0, language: customer.country === "FR" ? "fr" : "en" },
  links: { self: `/customers/${customer.id}`, orders: `/orders?customer=${customer.id}` },
});

const found = <T>(thing: T | undefined, what: string, id: number, body: (thing: T) => Answer["body"]): Answer =>
  thing === undefined ? { status: 404, body: { error: `no ${what} to show`, id } } : { status: 200, body: body(thing) };

export const readOrder = (id: number, book: OrderBook): Answer => found(book.order(id), "order", id, orderBody);
export const readLines = (id: number, book: OrderBook): Answer => found(book.order(id), "order", id, linesBody);

/** Sets the status of an order: from then on its reads answer otherwise. */
export const setStatus = (id: number, body: unknown, book: OrderBook): Answer => {
  const wanted = (body as { readonly status?: unknown } | null)?.status;
  const status = STATUSES.find((one) => one === wanted);
  if (status === undefined) return { status: 400, body: { error: `status must be one of ${STATUSES.join(", ")}` } };
  if (!book.setStatus(id, status)) return { status: 404, body: { error: "no order to show", id } };
  return { status: 200, body: { id, status } };
};
export const readCustomer = (id: number): Answer => found(customerById(id), "customer", id, customerBody);

const wholeNumber = (text: string | null, fallback: number): number => (text === null ? fallback : Number(text));

/** Orders that were posted. They are listed only under `?status=draft`, so that no write shows in what the reads answer. */
export class Drafts {
  #count = 0;
  readonly #kept: { readonly id: number; readonly order: unknown }[] = [];

  get count(): number {
    return this.#count;
  }

  add(order: unknown): Answer {
    this.#count += 1;
    const id = 900_000 + this.#count;
    this.#kept.push({ id, order });
    if (this.#kept.length > MAX_KEPT_DRAFTS) this.#kept.shift();
    return { status: 201, body: { id, status: "draft" }, headers: { location: `/orders/${id}` } };
  }

  list(): Answer {
    return { status: 200, body: { total: this.#count, orders: this.#kept } };
  }
}

const MAX_CARTS = 1_000;
const MAX_CART_LINES = 1_000;

/** What each session has put into its cart: what a read answers depends on the writes before it, and on their order. */
export class Carts {
  readonly #lines = new Map<string, unknown[]>();

  add(session: string, line: unknown): Answer {
    const lines = this.#of(session);
    lines.push(line);
    if (lines.length > MAX_CART_LINES) lines.shift();
    return { status: 201, body: { position: lines.length } };
  }

  read(session: string): Answer {
    const lines = this.#lines.get(session) ?? [];
    return { status: 200, body: { count: lines.length, last: lines.at(-1) ?? null } };
  }

  #of(session: string): unknown[] {
    let lines = this.#lines.get(session);
    if (lines !== undefined) return lines;
    const [oldest] = this.#lines.keys();
    if (oldest !== undefined && this.#lines.size >= MAX_CARTS) this.#lines.delete(oldest);
    this.#lines.set(session, (lines = []));
    return lines;
  }
}

export const listOrders = (query: URLSearchParams, drafts: Drafts, book: OrderBook): Answer => {
  const status = query.get("status");
  if (status === "draft") return drafts.list();
  const page = wholeNumber(query.get("page"), 1);
  const size = wholeNumber(query.get("size"), 5);
  const customer = query.has("customer") ? Number(query.get("customer")) : undefined;
  const fault =
    !Number.isInteger(page) || page < 1
      ? "page must be a whole number from 1"
      : !Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE
        ? `size must be a whole number from 1 to ${MAX_PAGE_SIZE}`
        : status !== null && !STATUSES.includes(status as never)
          ? `status must be one of ${STATUSES.join(", ")}, draft`
          : undefined;
  if (fault !== undefined) return { status: 400, body: { error: fault } };
  const filter: OrderFilter = {
    ...(status === null ? {} : { status }),
    ...(customer === undefined ? {} : { customer }),
  };
  const all = book.ordersBy(filter);
  const orders = all.slice((page - 1) * size, page * size).map(({ id, number, status, placedOn, currency, gross }) => ({
    id,
    number,
    status,
    placedOn,
    currency,
    gross,
  }));
  return { status: 200, body: { page, size, total: all.length, orders } };
};
