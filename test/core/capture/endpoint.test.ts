import fc from "fast-check";
import { endpointOf, pathOf } from "../../../core/capture/endpoint.ts";

describe("a path step that names one thing becomes {id}", () => {
  test.each([
    ["a number", "42"],
    ["a negative number", "-7"],
    ["a version or coordinate", "52.5200,13.4050"],
    ["an order number", "114-3941689-8772232"],
    ["a UUID", "6f1c2b9e-8a55-4a71-9b7e-0d4a7c1b2e3f"],
    ["an upper-case UUID", "6F1C2B9E-8A55-4A71-9B7E-0D4A7C1B2E3F"],
    ["the nil UUID", "00000000-0000-0000-0000-000000000000"],
    ["a ULID", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a short hash", "3f2a1b9c"],
    ["a hash of letters only", "deadbeefdeadbeef"],
    ["a SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["a date", "2024-01-31"],
    ["a month", "2024-01"],
    ["a time", "2024-01-31T10:00:00Z"],
    ["a time with fractions and offset", "2024-01-31T10:00:00.123+02:00"],
    ["a percent-encoded time", "2024-01-31T10%3A00%3A00Z"],
    ["a long token", "sk9s6XKzkNRiz8i3QwErTy"],
    ["letters, then digits, unbroken", "abcdefghijklmnopqrstuvwxyz0123456789"],
    ["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["a mail address", "ann@example.com"],
    ["a percent-encoded mail address", "ann%40example.com"],
    ["anything longer than 64 characters", "word-".repeat(20)],
  ])("%s", (_, step) => {
    expect(endpointOf("GET", `/things/${step}/parts`)).toBe("GET /things/{id}/parts");
  });
});

describe("a path step that names a kind of thing stays", () => {
  test.each([
    "v1",
    "orders",
    "oauth2",
    "cafe",
    "facade",
    "s3",
    "@scope",
    "how-to-build-10-things-in-2024",
    "oauth2-authorization-server",
    "index.html",
    "{id}",
    "{id}.json",
    "*",
    "%C3%A9t%C3%A9",
  ])("%s", (step) => {
    expect(endpointOf("GET", `/a/${step}`)).toBe(`GET /a/${step}`);
  });
});

test.each([
  ["GET", "/", "GET /"],
  ["GET", "", "GET /"],
  ["GET", "//orders///1/", "GET /orders/{id}"],
  ["GET", "/orders?id=1#x", "GET /orders"],
  ["GET", "/orders#a?b", "GET /orders"],
  ["GET", "/orders/1.json", "GET /orders/{id}.json"],
  ["GET", "/app.3f2a1b9c.js", "GET /app.3f2a1b9c.js"],
  ["GET", "/3f2a1b9c.js", "GET /{id}.js"],
  ["GET", "/orders;jsessionid=1A2B/items;v=1", "GET /orders/items"],
  ["GET", "http://shop.example:8080/orders/1?x=/2", "GET /orders/{id}"],
  ["GET", "http://shop.example", "GET /"],
  ["GET", "http://shop.example?x=1", "GET /"],
  ["GET", "/go?to=http://a/b", "GET /go"],
  ["OPTIONS", "*", "OPTIONS *"],
  ["PATCH", "/Orders/1", "PATCH /Orders/{id}"],
])("%s %s is %s", (method, target, endpoint) => {
  expect(endpointOf(method, target)).toBe(endpoint);
});

test("64 KB of path give a short endpoint", () => {
  expect(endpointOf("GET", `/${"a".repeat(65_536)}`)).toBe("GET /{id}");
  expect(endpointOf("GET", "/ab".repeat(20_000))).toBe(`GET ${"/ab".repeat(16)}/**`);
  expect(endpointOf("GET", `/${"word-".repeat(12)}`.repeat(1_000)).length).toBeLessThanOrEqual(4 + 256 + 3);
});

const step = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 80 }),
  fc.uuid(),
  fc.nat().map(String),
  fc.stringMatching(/^[0-9a-zA-Z._~;:@%-]{0,70}$/),
  fc.constantFrom("{id}", "**", "v1", "orders", "{id}.json", "{unrouted}"),
);
const target = fc.array(step, { maxLength: 24 }).map((steps) => `/${steps.join("/")}`);

test("the endpoint of an endpoint is itself, and short", () => {
  fc.assert(
    fc.property(target, (target) => {
      const endpoint = endpointOf("GET", target);
      expect(endpoint.length).toBeLessThanOrEqual(263);
      expect(endpointOf("GET", endpoint.slice(4))).toBe(endpoint);
    }),
  );
});

test("query and fragment never matter", () => {
  fc.assert(
    fc.property(target, fc.string(), fc.constantFrom("?", "#"), (target, rest, mark) => {
      const path = pathOf(target);
      expect(endpointOf("GET", path + mark + rest)).toBe(endpointOf("GET", path));
    }),
  );
});
