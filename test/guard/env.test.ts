import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseGuardEnv } from "../../guard/env.ts";
import { DEFAULT_GUARD_LIMITS } from "../../guard/limits.ts";
import { guardReference } from "../../guard/operation-reference.ts";

const env = (collaborators: unknown, over: Record<string, string> = {}) => ({
  COLLABORATORS: JSON.stringify(collaborators),
  ...over,
});
const a = { url: "http://a", port: 9101 };

test("an environment with the least in it gets the defaults", () => {
  expect(parseGuardEnv(env({ a }))).toMatchObject({
    HOST: "127.0.0.1",
    CALLS_KEY: "trace",
    COLLABORATORS: { a: { mode: "sidecar", allow: [], answers: [] } },
    limits: DEFAULT_GUARD_LIMITS,
  });
  expect(parseGuardEnv(env({ a }, { CALLS_KEY: "header:x-request-id", MAX_BOOK_BYTES: "5" }))).toMatchObject({
    CALLS_KEY: { header: "x-request-id" },
    limits: { maxBookBytes: 5 },
  });
});

test.each([
  [{ a: { ...a, mode: "proxy" } }, {}, "COLLABORATORS.a.mode"],
  [{ a: { ...a, mode: "replace" } }, {}, "replace needs answers"],
  [{ a: { ...a, mode: "mirror" } }, {}, "COLLABORATORS.a.observe"],
  [{ a: { ...a, allow: ["GET /x"] } }, {}, "GET /x passes anyway"],
  [{ a: { ...a, allow: ["/x"] } }, {}, "must be a method and a path"],
  [{ a: { ...a, mode: "replace", answers: [{ on: "GET /" }], allow: ["POST /x"] } }, {}, "nothing passes"],
  [{ a, b: { url: "http://b", port: 9101 } }, {}, "is taken by a.port; got 9101"],
  [{ a: { url: "http://a" } }, {}, "COLLABORATORS.a.port: must be given, unless PORT is"],
  [{ a: { ...a, answers: [{ on: "GET /", json: 1, text: "1" }] } }, {}, "an answer has one body"],
  [
    { a: { ...a, answers: [{ on: "GET /", headers: { "x-a": "1\r\nx-b: 2" } }] } },
    {},
    "must not hold control characters",
  ],
  [{ "A b": a }, {}, "COLLABORATORS"],
  [{ a }, { CALLS_KEY: "cookie" }, "must be trace or header:<name>"],
  [{ a }, { ADMIN_PORT: "" }, "must be a whole number of 0 to 65535"],
])("%j with %j is refused: %s", (collaborators, over, message) => {
  expect(() => parseGuardEnv(env(collaborators, over as Record<string, string>))).toThrow(message);
});

test("what answers hold stands in no fault, for faults are logged", () => {
  const answers = [{ on: "GET /", status: "x", text: "top secret" }];
  expect(() => parseGuardEnv(env({ a: { ...a, answers } }))).toThrow(
    /^(?!.*top secret).*COLLABORATORS\.a\.answers\.0\.status/s,
  );
  expect(() => parseGuardEnv({ COLLABORATORS: "top secret" })).toThrow(/^(?!.*top secret).*must be JSON/s);
  expect(() => parseGuardEnv({})).toThrow("COLLABORATORS: must be given");
});

test("docs/guard.md has every metric and limit: `node guard/operation-reference.ts` prints them", () => {
  expect(readFileSync(join(__dirname, "../../docs/guard.md"), "utf8")).toContain(guardReference());
});
