import type { LoadRequest } from "../load.ts";
import { seeded } from "../orders/shop.ts";
import { CUSTOMERS, PRODUCTS, REVIEWS } from "./data.ts";

type Draw = (random: () => number) => Pick<LoadRequest, "method" | "target" | "endpoint" | "body">;

const SESSIONS = 40;
const idUpTo = (random: () => number, count: number): number => 1 + Math.floor(random() * count);
const oneOf = <T>(random: () => number, values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const get =
  (endpoint: string, target: (random: () => number) => string): Draw =>
  (random) => ({
    method: "GET",
    target: target(random),
    endpoint: `GET ${endpoint}`,
  });

/** What a shop front asks for, by weight: single items, lists, filters, sorts, pages, nested lists, ids that are not there, a few writes. */
const MIX: readonly (readonly [weight: number, draw: Draw])[] = [
  [22, get("/products/{id}", (random) => `/products/${idUpTo(random, PRODUCTS)}`)],
  [10, get("/customers/{id}", (random) => `/customers/${idUpTo(random, CUSTOMERS)}`)],
  [8, get("/reviews/{id}", (random) => `/reviews/${idUpTo(random, REVIEWS)}`)],
  [10, get("/products", (random) => `/products?category=${oneOf(random, ["brewing", "serving", "storing"])}`)],
  [8, get("/products", (random) => `/products?_sort=price&_order=${oneOf(random, ["asc", "desc"])}`)],
  [8, get("/products", (random) => `/products?_page=${idUpTo(random, 6)}&_limit=10`)],
  [6, get("/products", (random) => `/products?price_gte=${idUpTo(random, 60)}`)],
  [8, get("/products/{id}/reviews", (random) => `/products/${idUpTo(random, PRODUCTS)}/reviews`)],
  [6, get("/shop", () => "/shop")],
  [6, get("/products/{id}", (random) => `/products/${1000 + idUpTo(random, 100)}`)],
  [
    8,
    (random) => ({
      method: "POST",
      target: "/visits",
      endpoint: "POST /visits",
      body: JSON.stringify({ page: `/products/${idUpTo(random, PRODUCTS)}` }),
    }),
  ],
];
const DRAWS: readonly Draw[] = MIX.flatMap(([weight, draw]) => Array.from({ length: weight }, () => draw));

/** The requests of a seed, without end. */
export function* shopTraffic(seed: number): Generator<LoadRequest, never> {
  const random = seeded(seed);
  for (;;) yield { ...oneOf(random, DRAWS)(random), session: `s${Math.floor(random() * SESSIONS)}` };
}
