import type { HeaderList } from "../../../core/capture/capture.ts";
import { compare } from "../../../core/diff/compare.ts";
import { answer, failed, json, stub } from "./captures.ts";

const shown = (left: Parameters<typeof compare>[0], right: Parameters<typeof compare>[0]): string[] =>
  compare(left, right).divergences.map((it) => `${it.place} ${it.kind}: ${it.left} -> ${it.right}`);

describe("failure and status", () => {
  test.each([
    ["both answered alike", answer({}), answer({}), []],
    ["one failed", answer({}), failed("timeout"), ["failure failure:  -> timeout"]],
    ["the other failed", failed("reset"), answer({}), ["failure failure: reset -> "]],
    ["both failed for one reason", failed("reset", 1), failed("reset", 9), []],
    ["both failed for two reasons", failed("reset"), failed("refused"), ["failure failure: reset -> refused"]],
    ["another status", answer({}), answer({ status: 500 }), ["status status: 200 -> 500"]],
  ])("%s", (_, left, right, expected) => {
    expect(shown(left, right)).toEqual(expected);
  });

  test("equal stubs have no divergence and count as one place each", () => {
    expect(compare(stub(), stub())).toEqual({ divergences: [], undecided: null, places: 2, notes: [] });
  });
});

describe("headers", () => {
  const differ = (left: HeaderList, right: HeaderList, body = ["x", "x"]): string[] =>
    shown(answer({ headers: left, body: body[0] ?? "" }), answer({ headers: right, body: body[1] ?? "" }));

  test.each<[string, HeaderList, HeaderList]>([
    ["names in another case", [["X-A", "1"]], [["x-a", "1"]]],
    [
      "lines in another order",
      [
        ["a", "1"],
        ["b", "2"],
      ],
      [
        ["b", "2"],
        ["a", "1"],
      ],
    ],
    ["a set of tokens in another order and case", [["Vary", "Accept, Origin"]], [["vary", "origin,accept"]]],
    [
      "a set over several lines",
      [
        ["Allow", "GET"],
        ["Allow", "PUT"],
      ],
      [["allow", "PUT, GET"]],
    ],
    ["cache-control directives", [["Cache-Control", "max-age=1, no-store"]], [["cache-control", "No-Store,max-age=1"]]],
    ["quoted commas", [["Cache-Control", 'private="a,b", no-store']], [["cache-control", 'no-store, private="a,b"']]],
    [
      "cookies in another order",
      [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
      [
        ["set-cookie", "b=2"],
        ["set-cookie", "a=1"],
      ],
    ],
    [
      "case and space of a media type",
      [["Content-Type", "Application/JSON; charset=UTF-8"]],
      [["content-type", 'application/json;charset="utf-8"']],
    ],
    [
      "multipart boundaries",
      [["content-type", "multipart/form-data; boundary=x1"]],
      [["content-type", 'Multipart/Form-Data; boundary="y 2"']],
    ],
    [
      "a list in one line or two",
      [
        ["x-a", "1"],
        ["x-a", "2"],
      ],
      [["x-a", "1, 2"]],
    ],
    ["framing beside a body", [["Content-Length", "1"]], []],
  ])("equal: %s", (_, left, right) => {
    expect(differ(left, right)).toEqual([]);
  });

  test.each<[string, HeaderList, HeaderList, string[]]>([
    ["a value", [["x-a", "1"]], [["x-a", "2"]], ["header/x-a header: 1 -> 2"]],
    ["a header that went away is no removed field", [["x-a", "1"]], [], ["header/x-a header: 1 -> "]],
    ["a header that came", [], [["x-a", "1"]], ["header/x-a header:  -> 1"]],
    ["a token less", [["vary", "a, b"]], [["vary", "a"]], ["header/vary header: a, b -> a"]],
    [
      "a date is one value",
      [["expires", "Mon, 01 Jan 2024 00:00:00 GMT"]],
      [["expires", "01 Jan 2024 00:00:00 GMT, Mon"]],
      ["header/expires header: Mon, 01 Jan 2024 00:00:00 GMT -> 01 Jan 2024 00:00:00 GMT, Mon"],
    ],
    [
      "a cookie",
      [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
      [["set-cookie", "a=1"]],
      ["header/set-cookie header: a=1\nb=2 -> a=1"],
    ],
    [
      "the boundary of what is not multipart",
      [["content-type", "a/b; boundary=A"]],
      [["content-type", "a/b; boundary=a"]],
      ["header/content-type header: a/b; boundary=A -> a/b; boundary=a"],
    ],
    ["an entity tag of equal bodies", [["etag", "1"]], [["etag", "2"]], ["header/etag header: 1 -> 2"]],
  ])("different: %s", (_, left, right, expected) => {
    expect(differ(left, right)).toEqual(expected);
  });

  test("what follows from the body is not told again where bodies differ", () => {
    expect(
      differ(
        [
          ["etag", "1"],
          ["x-a", "1"],
        ],
        [
          ["etag", "2"],
          ["x-a", "2"],
        ],
        ["x", "y"],
      ),
    ).toEqual(["header/x-a header: 1 -> 2", "body value: x -> y"]);
  });

  test.each([
    ["promises of answers to HEAD are compared", "10", "11", 1],
    ["a zero may be left out", "0", undefined, 0],
  ])("content-length without a body: %s", (_, left, right, count) => {
    const list = (value: string | undefined): HeaderList => (value === undefined ? [] : [["content-length", value]]);
    expect(differ(list(left), list(right), ["", ""])).toHaveLength(count);
  });
});

describe("bodies", () => {
  const text = (body: string, type = "text/plain") => answer({ headers: [["content-type", type]], body });
  test.each([
    ["text", text("a b"), text("a c"), ["body value: a b -> a c"]],
    ["JSON by content type", json("1"), json("2"), ["body value: 1 -> 2"]],
    ["JSON by its look", text('{"a":1}'), text(" [1]"), ['body type: {"a":1} -> [1]']],
    [
      "problem+json",
      text("1", "application/problem+json; charset=utf-8"),
      text("2", "a/b+json"),
      ["header/content-type header: application/problem+json; charset=utf-8 -> a/b+json", "body value: 1 -> 2"],
    ],
    ["JSON on one side", json("{}"), json("<html>"), ["body type: JSON: {} -> HTML: <html>"]],
    ["broken JSON on both sides is text", json("{a"), json("{b"), ["body value: {a -> {b"]],
    ["a body that went away", text("a"), text(""), ["body removed: a -> "]],
    ["a body that came", text(""), text("a"), ["body added:  -> a"]],
    [
      "binary",
      answer({ body: Uint8Array.of(255, 1) }),
      answer({ body: Uint8Array.of(255, 2) }),
      ["body value: 2 bytes, d4e4ea8a36d9fb91 -> 2 bytes, 0f5a3b5c4b2a4a0e"],
    ],
    ["a byte order mark is no content", json("\uFEFF{}"), json("{}"), []],
  ])("%s", (name, left, right, expected) => {
    if (name === "binary") expect(shown(left, right)[0]).toMatch(/^body value: 2 bytes, \w+ -> 2 bytes, \w+$/);
    else expect(shown(left, right)).toEqual(expected);
  });

  test("two long texts that share a beginning are shown where they differ", () => {
    const [it] = compare(text(`${"x".repeat(5_000)}left`), text(`${"x".repeat(5_000)}right`)).divergences;
    expect(it?.left).toBe(`…${"x".repeat(60)}left`);
    expect(it?.right).toBe(`…${"x".repeat(60)}right`);
  });

  test("JSON that differs in form only is equal, with a note", () => {
    const comparison = compare(json('{"a":1,"b":2}'), json('{ "b":2, "a":1 }'));
    expect(comparison.divergences).toEqual([]);
    expect(comparison.notes).toEqual(["bodies differ in form only (white space, order of keys, escapes, charset)"]);
  });

  test.each([
    ["a cut JSON body", answer({ body: '{"a":', cut: true }), json("{}")],
    ["a body stored for one lane only", stub(), json("{}")],
  ])("%s is undecided, never equal", (_, left, right) => {
    expect(compare(left, right).undecided).not.toBeNull();
    expect(compare(right, left).undecided).not.toBeNull();
  });

  test("a cut text body differs where its hash does", () => {
    const cut = (hash: string) => {
      const it = answer({ body: "same beginning", cut: true });
      return { ...it, body: { ...it.body, hash } };
    };
    expect(shown(cut("1"), cut("2"))).toEqual(["body value: same beginning -> same beginning"]);
  });
});

test("places: status, headers and the leaves of the left body, items of an array once", () => {
  const left = json('{"a":1,"b":[{"c":1,"d":2},{"c":3}],"e":{},"f":[]}');
  expect(compare(left, left).places).toBe(1 + 1 + 5);
});
