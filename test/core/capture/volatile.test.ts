import fc from "fast-check";
import type { HeaderList } from "../../../core/capture/capture.ts";
import { areHeadersEqual, comparedHeaders, DERIVED_HEADERS, VOLATILE_HEADERS } from "../../../core/capture/volatile.ts";

const GET = { isHead: false, hasEqualBodies: true };
const UNEQUAL = { isHead: false, hasEqualBodies: false };
const HEAD = { isHead: true, hasEqualBodies: true };

test.each<[string, HeaderList, HeaderList, typeof GET, boolean]>([
  ["nothing", [], [], GET, true],
  ["a volatile value", [["Date", "a"]], [["Date", "b"]], GET, true],
  ["a volatile header on one side", [["DATE", "a"]], [], GET, true],
  ["the case of names", [["X-A", "1"]], [["x-a", "1"]], GET, true],
  [
    "the order of lines of other names",
    [
      ["A", "1"],
      ["B", "2"],
    ],
    [
      ["B", "2"],
      ["A", "1"],
    ],
    GET,
    true,
  ],
  [
    "the order of lines of one name",
    [
      ["A", "1"],
      ["A", "2"],
    ],
    [
      ["A", "2"],
      ["A", "1"],
    ],
    GET,
    false,
  ],
  ["a value", [["A", "1"]], [["A", "2"]], GET, false],
  [
    "a line more",
    [["A", "1"]],
    [
      ["A", "1"],
      ["A", "1"],
    ],
    GET,
    false,
  ],
  ["an etag beside equal bodies", [["ETag", "1"]], [["ETag", "2"]], GET, false],
  ["an etag beside unequal bodies", [["ETag", "1"]], [["ETag", "2"]], UNEQUAL, true],
  [
    "a length beside equal bodies: one is chunked",
    [["Content-Length", "1"]],
    [["Transfer-Encoding", "chunked"]],
    GET,
    true,
  ],
  ["a length in answers to HEAD", [["Content-Length", "1"]], [["Content-Length", "2"]], HEAD, false],
])("%s", (_, a, b, compared, isEqual) => {
  expect(areHeadersEqual(a, b, compared)).toBe(isEqual);
  expect(areHeadersEqual(b, a, compared)).toBe(isEqual);
});

test("what is left aside is not kept", () => {
  const list: HeaderList = [
    ["Date", "a"],
    ["ETag", "1"],
    ["Content-Type", "b"],
  ];
  expect(comparedHeaders(list, GET)).toEqual([
    ["ETag", "1"],
    ["Content-Type", "b"],
  ]);
  expect(comparedHeaders(list, UNEQUAL)).toEqual([["Content-Type", "b"]]);
});

test("names are in lower case and in one set only", () => {
  for (const name of [...VOLATILE_HEADERS, ...DERIVED_HEADERS]) expect(name).toBe(name.toLowerCase());
  expect([...VOLATILE_HEADERS].filter((name) => DERIVED_HEADERS.has(name))).toEqual([]);
});

test("headers equal themselves in any order of names", () => {
  const line = fc.tuple(fc.constantFrom("A", "b", "Date", "ETag"), fc.constantFrom("1", "2"));
  fc.assert(
    fc.property(fc.uniqueArray(line, { selector: ([name]) => name }), fc.boolean(), (list, isHead) => {
      expect(areHeadersEqual(list, list.toReversed(), { isHead, hasEqualBodies: true })).toBe(true);
    }),
  );
});
