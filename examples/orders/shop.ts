/** The data of the shop: made from the id alone, so that every process that serves it agrees on every value. */

export const ORDERS = { first: 1001, count: 500 } as const;
export const CUSTOMERS = { first: 1, count: 120 } as const;
export const STATUSES = ["open", "paid", "packed", "shipped", "delivered"] as const;

export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly city: string;
  readonly country: string;
  readonly creditLimit: number;
}

export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly warehouse: string;
}

export interface Order {
  readonly id: number;
  readonly number: string;
  readonly status: Status;
  readonly placedOn: string;
  readonly currency: string;
  readonly customer: Customer;
  readonly lines: readonly Line[];
  readonly taxRate: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
}

/** mulberry32: a small seeded generator, uniform in [0, 1). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const cents = (amount: number): number => Math.round(amount * 100) / 100;
const within = (range: { readonly first: number; readonly count: number }, id: number): boolean =>
  Number.isInteger(id) && id >= range.first && id < range.first + range.count;

const GIVEN = ["Ada", "Bilal", "Chiara", "Dmitri", "Elif", "Femi", "Grace", "Hana", "Ivo", "Jana"];
const FAMILY = ["Abe", "Brandt", "Costa", "Diallo", "Eriksen", "Fischer", "Gupta", "Haddad", "Ito", "Jansen"];
const PLACES = [
  { city: "Austin", country: "US", currency: "USD", taxRate: 0.0825 },
  { city: "Berlin", country: "DE", currency: "EUR", taxRate: 0.19 },
  { city: "Lyon", country: "FR", currency: "EUR", taxRate: 0.2 },
  { city: "Houston", country: "US", currency: "USD", taxRate: 0.0825 },
  { city: "Zürich", country: "CH", currency: "CHF", taxRate: 0.081 },
];
const GOODS = [
  { sku: "LMP-204", name: "Desk lamp, brass", unitPrice: 49.9 },
  { sku: "BRD-017", name: "Cutting board, oak", unitPrice: 28.5 },
  { sku: "KTL-330", name: "Kettle, 1.2 l", unitPrice: 64 },
  { sku: "CUP-008", name: "Cup, stoneware", unitPrice: 11.25 },
  { sku: "SHF-112", name: "Wall shelf, 80 cm", unitPrice: 37.75 },
  { sku: "APR-051", name: "Apron, linen", unitPrice: 32.4 },
  { sku: "TWL-090", name: "Towel, set of 3", unitPrice: 24.95 },
];

const placeOf = (customerId: number) => PLACES[customerId % PLACES.length]!;

export const customerById = (id: number): Customer | undefined => {
  if (!within(CUSTOMERS, id)) return undefined;
  const random = seeded(id * 7919);
  const { city, country } = placeOf(id);
  return {
    id,
    name: `${pick(random, GIVEN)} ${pick(random, FAMILY)}`,
    city,
    country,
    creditLimit: 500 * (1 + Math.floor(random() * 10)),
  };
};

const orderById = (id: number): Order | undefined => {
  if (!within(ORDERS, id)) return undefined;
  const random = seeded(id * 104_729);
  const customer = customerById(CUSTOMERS.first + Math.floor(random() * CUSTOMERS.count))!;
  const { currency, taxRate } = placeOf(customer.id);
  const first = Math.floor(random() * GOODS.length);
  const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => ({
    ...GOODS[(first + index * 3) % GOODS.length]!,
    quantity: 1 + Math.floor(random() * 5),
    warehouse: pick(random, ["north", "south", "port"]),
  }));
  const net = cents(lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0));
  const tax = cents(net * taxRate);
  const month = String(1 + Math.floor(random() * 12)).padStart(2, "0");
  const day = String(1 + Math.floor(random() * 28)).padStart(2, "0");
  return {
    id,
    number: `SO-${String(id).padStart(8, "0")}`,
    status: pick(random, STATUSES),
    placedOn: `2025-${month}-${day}`,
    currency,
    customer,
    lines,
    taxRate,
    net,
    tax,
    gross: cents(net + tax),
  };
};

const allOrders: readonly Order[] = Array.from(
  { length: ORDERS.count },
  (_, index) => orderById(ORDERS.first + index)!,
);

export type Status = (typeof STATUSES)[number];

/** What of the orders can change; a process that is told of no change has the orders as they were made. */
export class OrderBook {
  readonly #statuses = new Map<number, Status>();
  #version = 0;

  /** Grows by one with each change. */
  get version(): number {
    return this.#version;
  }

  order(id: number): Order | undefined {
    const order = orderById(id);
    return order && this.#asItIs(order);
  }

  /** False where there is no such order. */
  setStatus(id: number, status: Status): boolean {
    if (!within(ORDERS, id)) return false;
    this.#statuses.set(id, status);
    this.#version += 1;
    return true;
  }

  ordersBy({ status, customer }: OrderFilter): readonly Order[] {
    return allOrders
      .map((order) => this.#asItIs(order))
      .filter(
        (order) =>
          (status === undefined || order.status === status) &&
          (customer === undefined || order.customer.id === customer),
      );
  }

  #asItIs(order: Order): Order {
    const status = this.#statuses.get(order.id);
    return status === undefined ? order : { ...order, status };
  }
}

export interface OrderFilter {
  readonly status?: string;
  readonly customer?: number;
}
