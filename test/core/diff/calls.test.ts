import { createRedactor } from "../../../core/capture/redact.ts";
import { isWriteMissingOrExtra } from "../../../core/diff/calls.ts";
import { marksOf } from "../../../core/noise/odd.ts";
import type { MadeCall, PairCalls } from "../../../core/pair/calls.ts";
import { areSameCalls, storeCalls } from "../../../core/segment/store-calls.ts";
import { options } from "../segment/store-options.ts";
import { stub } from "./captures.ts";

const AT = Date.UTC(2026, 0, 1);

/** `POST /charges {"a":1}` to payments, unless another is named: `mail: POST /messages`. */
const call = (text: string): MadeCall => {
  const [, to = "payments", method = "", target = "", content = ""] =
    /^(?:(\w+): )?(\S+) (\S+) ?(.*)$/.exec(text) ?? [];
  const body = Buffer.from(content);
  const type = content === "" ? "" : "application/json";
  return { to, method, target, type, body, bytes: body.length, hash: `h${content}` };
};
const lanes = (primary: string[], candidate: string[], secondary?: string[]): PairCalls => ({
  primary: primary.map(call),
  candidate: candidate.map(call),
  ...(secondary && { secondary: secondary.map(call) }),
});
const marks = (calls: PairCalls): string[] => {
  const stored = storeCalls(calls, options);
  const lane = stub();
  return marksOf(lane, lane, calls.secondary && lane, AT, {}, stored).marks.map(
    ({ place, kind, odd }) => `${place} ${kind} ${odd}`,
  );
};

const POST = "POST /charges/7";
const NAME = "payments POST /charges/{id}";

test.each([
  ["the same", [`${POST} {"a":1}`], [`${POST} {"a":1}`], []],
  ["one more", [POST], [POST, POST], [`calls/extra/${NAME} call unknown`]],
  ["one that is new", [], [POST], [`calls/extra/${NAME} call unknown`]],
  ["one that is missing", [POST, "GET /a"], ["GET /a"], [`calls/missing/${NAME} call unknown`]],
  [
    "another method",
    [POST],
    ["PUT /charges/7"],
    [`calls/missing/${NAME} call unknown`, "calls/extra/payments PUT /charges/{id} call unknown"],
  ],
  [
    "another collaborator",
    [POST],
    [`mail: ${POST}`],
    [`calls/missing/${NAME} call unknown`, "calls/extra/mail POST /charges/{id} call unknown"],
  ],
  ["another id in the path", [POST], ["POST /charges/8"], [`calls/changed/${NAME}/target call unknown`]],
  [
    "another value in the body",
    [`${POST} {"a":1,"b":2}`],
    [`${POST} {"a":3,"b":2}`],
    [`calls/changed/${NAME}/body/a call unknown`],
  ],
  [
    "a field less in the body",
    [`${POST} {"a":1,"b":2}`],
    [`${POST} {"a":1}`],
    [`calls/changed/${NAME}/body/b call unknown`],
  ],
  ["keys in another order", [`${POST} {"a":1,"b":2}`], [`${POST} {"b":2,"a":1}`], []],
  [
    "a new random id with every call",
    [`${POST} {"key":"0f8fad5b-d9cb-469f-a165-708677289501"}`],
    [`${POST} {"key":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}`],
    [`calls/changed/${NAME}/body/key call format`],
  ],
  ["writes in another order", ["POST /a", "POST /b"], ["POST /b", "POST /a"], ["calls/order call unknown"]],
  ["reads in another order", ["GET /a", "GET /b"], ["GET /b", "GET /a"], []],
  [
    "equal ones are found wherever they stand",
    [`${POST} 1`, `${POST} 2`, `${POST} 3`],
    [`${POST} 2`, `${POST} 3`, `${POST} 1`],
    ["calls/order call unknown"],
  ],
])("without a secondary: %s", (_, primary, candidate, expected) => {
  expect(marks(lanes(primary, candidate))).toEqual(expected);
});

test.each([
  ["the candidate alone", [], [POST], [], [`calls/extra/${NAME} call candidate`]],
  ["the secondary alone", [], [], [POST], [`calls/extra/${NAME} call secondary`]],
  ["the primary alone", [], [POST], [POST], [`calls/extra/${NAME} call primary`]],
  [
    "a body that is always another",
    [`${POST} {"a":1}`],
    [`${POST} {"a":2}`],
    [`${POST} {"a":3}`],
    [`calls/changed/${NAME}/body/a call all`],
  ],
])("with a secondary: %s", (_, primary, candidate, secondary, expected) => {
  expect(marks(lanes(primary, candidate, secondary))).toEqual(expected);
});

test("what is stored of calls is redacted, bounded, and nothing where lanes called the same", () => {
  expect(storeCalls(lanes([POST], [POST]), options)).toBeUndefined();
  expect(areSameCalls(lanes(["GET /a", "GET /b"], ["GET /b", "GET /a"]))).toBe(true);
  const secret = '{"password":"hunter2","card":"4111 1111 1111 1111"}';
  const stored = storeCalls(lanes([`${POST}?token=abc ${secret}`, "POST /same 1"], ["POST /same 1"]), {
    ...options,
    redactor: createRedactor(Buffer.from("key")),
  });
  const text = JSON.stringify(stored, (_, value) =>
    value?.type === "Buffer" ? Buffer.from(value.data).toString() : value,
  );
  expect(text).not.toMatch(/hunter2|4111 1111|abc/);
  expect(stored?.candidate[0]?.body).toMatchObject({ kind: "equal", hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  const long = "x".repeat(700);
  const bounded = storeCalls(lanes([`${POST} "${long}1"`, `${POST} "${long}2"`], []), options);
  expect(
    bounded?.primary.map(({ body }) => (body.kind === "content" ? [body.content.length > 0, body.cut] : [])),
  ).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("a write that one lane alone makes breaks; a read, or a value, may be rare", () => {
  expect(isWriteMissingOrExtra(`calls/extra/${NAME}`)).toBe(true);
  expect(isWriteMissingOrExtra(`calls/missing/${NAME}`)).toBe(true);
  expect(isWriteMissingOrExtra("calls/extra/payments GET /rates")).toBe(false);
  expect(isWriteMissingOrExtra(`calls/changed/${NAME}/target`)).toBe(false);
  expect(isWriteMissingOrExtra("calls/order")).toBe(false);
});
