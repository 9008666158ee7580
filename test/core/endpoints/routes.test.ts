import { createNaming } from "../../../core/endpoints/naming.ts";
import { createRouteNames, Route } from "../../../core/endpoints/routes.ts";

const ROUTES = [
  "GET /users/{name}",
  "GET /users/me",
  "GET /users/{name}/posts",
  "GET /users/{name}.json",
  "GET /orders/{id}",
  "POST /orders",
  "GET /orders/order-{number}",
  "GET /files/**",
  "GET /files/{file}/meta",
  "GET /2024-01/report",
  "GET /",
];

test.each<[endpoint: string, name: string | undefined]>([
  ["GET /users/alice", "GET /users/{name}"],
  ["GET /users/{id}", "GET /users/{name}"],
  ["GET /users/me", "GET /users/me"],
  ["GET /users/alice/posts", "GET /users/{name}/posts"],
  ["GET /users/alice.json", "GET /users/{name}.json"],
  ["GET /users/{id}.json", "GET /users/{name}.json"],
  ["GET /orders/{id}", "GET /orders/{id}"],
  ["GET /orders/new", "GET /orders/{id}"],
  ["GET /orders/order-12", "GET /orders/order-{number}"],
  ["GET /files", "GET /files/**"],
  ["GET /files/a/b/c", "GET /files/**"],
  ["GET /files/a/meta", "GET /files/{file}/meta"],
  ["GET /{id}/report", "GET /2024-01/report"],
  ["GET /", "GET /"],
  ["HEAD /users/alice", "HEAD /users/{name}"],
  ["OPTIONS /orders", "OPTIONS /orders"],
  ["GET /orders", undefined],
  ["DELETE /orders/{id}", undefined],
  ["GET /wp-admin/setup.php", undefined],
])("%s is %s", (endpoint, name) => {
  const nameOf = createRouteNames(ROUTES);
  expect(nameOf(endpoint)).toBe(name);
  expect(createRouteNames(ROUTES.toReversed())(endpoint)).toBe(name);
  if (name !== undefined) expect(nameOf(name)).toBe(name);
});

describe("naming", () => {
  const learned = ["GET /wiki/{slug}"];

  test("what fits none of the routes of every service is unrouted", () => {
    const naming = createNaming({ routes: ROUTES, isWhole: true }, learned);
    expect(["GET /wiki/cats", "GET /.env", "{unrouted}", "{other}", "OPTIONS *"].map(naming)).toEqual([
      "{unrouted}",
      "{unrouted}",
      "{unrouted}",
      "{other}",
      "OPTIONS *",
    ]);
  });

  test("where a service has no list, what was learned names the rest", () => {
    const naming = createNaming({ routes: ROUTES, isWhole: false }, learned);
    expect(["GET /users/alice", "GET /wiki/cats", "GET /.env"].map(naming)).toEqual([
      "GET /users/{name}",
      "GET /wiki/{slug}",
      "GET /.env",
    ]);
  });
});

test.each(["get /a", "/a", "GET a", "GET /a?b=1", "GET /a b", "GET /a/", "GET //a", "GET /**/a", "GET /a**", ""])(
  "%j is no route",
  (text) => {
    expect(Route.safeParse(text).success).toBe(false);
  },
);
