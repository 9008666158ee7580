import { createRedactor } from "../../../core/capture/redact.ts";
import { type Fill, fillIn } from "../../../core/recheck/fill.ts";
import { sendableOf } from "../../../core/recheck/sendable.ts";
import type { StoredRequest } from "../../../core/segment/segment.ts";

const redactor = createRedactor(new Uint8Array(32));

interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** As a tee stores it: redacted. */
const stored = ({ method = "GET", target = "/a", headers = [], body = "" }: Sent): StoredRequest => {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const content = redactor.body(new TextEncoder().encode(body), type);
  return {
    method,
    target: redactor.target(target),
    headers: redactor.headers(headers),
    body: { content, bytes: content.length, cut: false },
  };
};

const sent = (request: StoredRequest, fill: Fill) => {
  const filled = fillIn(request, fill);
  const { target, headers, body } = filled.request;
  return { target, headers, body: Buffer.from(body).toString(), missing: filled.missing };
};

const json = (body: string): Sent => ({ headers: [["content-type", "application/json"]], body });
const form = (body: string): Sent => ({ headers: [["content-type", "application/x-www-form-urlencoded"]], body });

test.each<[what: string, request: Sent, fill: Fill]>([
  ["a header", { headers: [["Authorization", "Bearer abc.def"]] }, { authorization: "Bearer abc.def" }],
  ["a header by its part", { headers: [["X-Api-Key", "k1"]] }, { "header:X-API-key": "k1" }],
  ["all cookies", { headers: [["Cookie", "a=1; b=2"]] }, { cookie: "a=1; b=2" }],
  ["cookies by name", { headers: [["cookie", "a=1; b=2"]] }, { a: "1", "cookie:b": "2" }],
  ["a parameter", { target: "/a?x=1&token=s%20%26t&y=2" }, { "query:token": "s &t" }],
  ["a JSON string", json('{"user":"u","password":"p\\"ä"}'), { "body:password": 'p"ä' }],
  ["a JSON number", json('{"pin": 1234}'), { pin: "1234" }],
  ["a JSON flag", json('{"secret":true,"n":1}'), { "body:secret": "true" }],
  ["null is known", json('{"password":null}'), {}],
  ["a form", form("user=u&password=p%20q"), { "body:password": "p q" }],
])("%s is filled in as it was sent", (_, request, fill) => {
  const { headers = [], target = "/a", body = "" } = request;
  const redacted = stored(request);
  expect(sent(redacted, fill)).toEqual({ target, headers, body, missing: [] });
});

test("what is not given is named, never guessed; nothing else changes", () => {
  const request = stored({
    ...json('{"a":{"password":"p"},"n":1}'),
    target: "/a?token=t&x=1",
    headers: [
      ["Cookie", "sid=1; theme=dark"],
      ["Authorization", "Basic eHg6eXk="],
      ["content-type", "application/json"],
    ],
  });
  expect(fillIn(request, { theme: "dark", unused: "x" }).missing).toEqual([
    "query:token",
    "cookie:sid",
    "header:authorization",
    "body:password",
  ]);
});

test("what has no name is given by its marker", () => {
  const text = "call with card 4111 1111 1111 1111 now";
  const request = stored({ headers: [["content-type", "text/plain"]], body: text });
  const [marker = ""] = fillIn(request, {}).missing;
  expect(marker).toMatch(/^~r:/);
  expect(sent(request, { [marker]: "4111 1111 1111 1111" })).toMatchObject({ body: text, missing: [] });
});

test("a header of one name is not filled with the body's value of another part", () => {
  const request = stored({ ...json('{"token":"t"}') });
  expect(fillIn(request, { "query:token": "x", "header:token": "y" }).missing).toEqual(["body:token"]);
});

test.each([
  ["notStored", undefined, true],
  ["writes", stored({ method: "POST" }), false],
  ["bodyNotStored", { ...stored({}), body: { content: new Uint8Array(), bytes: 9, cut: true } }, true],
  ["hidden", stored({ headers: [["authorization", "x"]] }), true],
] as const)("%s: cannot be sent", (because, request, takesWrites) => {
  expect(sendableOf(request, {}, takesWrites)).toMatchObject({ because });
});

test("writes are sent where both lanes take them", () => {
  expect(sendableOf(stored({ method: "POST" }), {}, true)).toHaveProperty("request");
});
