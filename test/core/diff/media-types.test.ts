import { compare } from "../../../core/diff/compare.ts";
import { answer } from "./captures.ts";

const typed = (type: string) => (body: string | Uint8Array, cut?: boolean) =>
  answer({ headers: type === "" ? [] : [["content-type", type]], body, ...(cut === undefined ? {} : { cut }) });
const differ = (left: Parameters<typeof compare>[0], right: Parameters<typeof compare>[0]): string[] => {
  const { divergences, undecided } = compare(left, right);
  return [...divergences.map(({ place, kind }) => `${place} ${kind}`), ...(undecided === null ? [] : [undecided])];
};

const mirrored = (kinds: readonly string[]): string[] =>
  kinds.map((it) => it.replace(/added$|removed$/, (kind) => (kind === "added" ? "removed" : "added"))).sort();

/** What two bodies of one type differ in, told from both sides. */
const table = (
  type: string,
  rows: readonly (readonly [name: string, left: string, right: string, expected: string[]])[],
) =>
  test.each(rows)("%s", (_, left, right, expected) => {
    const of = typed(type);
    expect(differ(of(left), of(right))).toEqual(expected);
    expect(differ(of(right), of(left)).sort()).toEqual(mirrored(expected));
    expect(differ(of(left), of(left))).toEqual([]);
  });

describe("JSON lines", () => {
  table("application/x-ndjson", [
    ["a value", '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":3}\n', ["body/*/a value"]],
    ["a line more", "1\n2\n", "1\n2\n3\n", ["body length"]],
    ["another order", '{"a":1}\n{"a":2}\n{"a":3}\n', '{"a":3}\n{"a":1}\n{"a":2}\n', ["body order"]],
    ["form only", '{"a":1,"b":2}\n\n[1.0]', '{ "b":2, "a":1 }\r\n[1]\n', []],
    ["a broken line", '{"a":1}\n{"a":', '{"a":1}\n{"a":2}', ["body type"]],
    ["record separators", "\u001e[1]\n\u001e[2]\n", "\u001e[1]\n\u001e[3]\n", ["body/*/* value"]],
  ]);

  test("labelled as JSON they are still read, and that is said", () => {
    const of = typed("application/json");
    const { divergences, notes } = compare(of('{"a":1}\n{"a":2}'), of('{"a":1}\n{"a":3}'));
    expect(divergences.map(({ place }) => place)).toEqual(["body/*/a"]);
    expect(notes).toEqual(["a body labelled as JSON is none: read as JSON lines"]);
  });
});

describe("event streams", () => {
  table("text/event-stream; charset=utf-8", [
    ["JSON data", 'data: {"a":1}\n\n', 'data: {"a":2}\n\n', ["body/*/data/a value"]],
    ["text data", "data: a\n\n", "data: b\n\n", ["body/*/data value"]],
    ["scalars are text", "data: 1\n\n", "data: 1.0\n\n", ["body/*/data value"]],
    ["text is never JSON", 'data: {"a":1}\n\n', 'data: {"a":1\n\n', ["body/*/data type"]],
    ["name", "event: a\ndata: x\n\n", "event: b\ndata: x\n\n", ["body/*/event value"]],
    ["the name of events without one", "event: message\ndata: x\n\n", "data: x\n\n", []],
    ["retry", "retry: 1\n\n", "retry: 2\n\n", ["body/*/retry value"]],
    ["line ends, comments, spaces", "data:a\r\rdata: b\r\n\r\n", ": ping\n\ndata: a\n\ndata:b\n\n", []],
    ["data over lines", "data: a\ndata: b\n\n", "data: a\\nb\n\n", ["body/*/data value"]],
    ["an event more", "data: a\n\n", "data: a\n\ndata: b\n\n", ["body length"]],
    ["another order", "data: a\n\ndata: b\n\ndata: c\n\n", "data: c\n\ndata: a\n\ndata: b\n\n", ["body order"]],
    [
      "events with ids",
      "id: 1\ndata: a\n\nid: 2\ndata: b\n\n",
      "id: 2\ndata: b\n\nid: 1\ndata: c\n\n",
      ["body order", "body/*/data value"],
    ],
    ["broken off", "data: a\n\ndata: b", "data: a\n\ndata: b\n\n", ["body/*/unfinished removed"]],
  ]);
});

describe("streams of which only the beginning was stored", () => {
  const ndjson = typed("application/x-ndjson");
  const reason = "a body (JSON lines) is larger than what is stored";
  test("whole items are compared, the rest is undecided", () => {
    expect(differ(ndjson('{"a":1}\n{"a":2}\n{"a', true), ndjson('{"a":1}\n{"a":3}\n{"', true))).toEqual([
      "body/*/a value",
      reason,
    ]);
    expect(differ(ndjson("1\n2\n3", true), ndjson("1\n2\n"))).toEqual([reason]);
    expect(differ(ndjson("1\n", true), ndjson("1\n2\n3\n"))).toEqual([reason]);
    const events = typed("text/event-stream");
    expect(differ(events("data: a\n\ndata: b", true), events("data: x\n\ndata: c", true))[0]).toBe("body/*/data value");
  });
});

describe("forms", () => {
  table("application/x-www-form-urlencoded", [
    ["a value", "a=1&b=2", "a=1&b=3", ["body/b value"]],
    ["a field", "a=1&b=2", "a=1", ["body/b removed"]],
    ["ways to write it", "a=%41+b&&c", "a=A%20b&c=", []],
    ["another order", "a=1&b=2", "b=2&a=1", ["body order"]],
    ["a name that is there twice", "a=1&a=2", "a=1&a=3", ["body/a value"]],
    ["one more of a name", "a=1", "a=1&a=1", ["body/a value"]],
    ["numbers are text", "a=1", "a=1.0", ["body/a value"]],
    ["bytes that are no text", "a=%FF", "a=%FE", ["body/a value"]],
    ["nor is their replacement", "a=%FF", "a=%EF%BF%BD", ["body/a value"]],
    ["a percent sign that begins nothing", "a=%zz", "a=%25zz", []],
    ["__proto__", "__proto__=1", "__proto__=2", ["body/__proto__ value"]],
  ]);

  test("what looks like JSON is read as such", () => {
    const of = typed("application/x-www-form-urlencoded");
    expect(differ(of('{"a":1}'), of('{"a": 1}'))).toEqual([]);
    expect(differ(of('{"a":1}'), of('{"a":2}'))).toEqual(["body/a value"]);
  });
});

describe("multipart", () => {
  const multipart = (boundary: string, ...parts: readonly string[]) =>
    typed(`multipart/form-data; boundary=${boundary}`)(
      `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`,
    );
  const field = (name: string, content: string, more = ""): string =>
    `Content-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}`;

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ["another boundary", [field("a", "1")], [field("a", "1")], []],
    ["a value", [field("a", "1"), field("b", "2")], [field("a", "1"), field("b", "3")], ["body/b/content value"]],
    ["a field less", [field("a", "1"), field("b", "2")], [field("a", "1")], ["body/b removed"]],
    ["another order", [field("a", "1"), field("b", "2")], [field("b", "2"), field("a", "1")], ["body order"]],
    ["JSON in a part", [field("a", '{"b":1}')], [field("a", '{ "b": 2 }')], ["body/a/content/b value"]],
    ["JSON in form only", [field("a", '{"b":1}')], [field("a", '{ "b": 1 }')], []],
    [
      "a file name",
      [field("a", "1", '; filename="x"')],
      [field("a", "1", '; filename="y"')],
      ["body/a/content-disposition value"],
    ],
    ["a header line", ["A: 1\r\n\r\nx"], ["a: 2\r\n\r\nx"], ["body/*/a value"]],
    ["parts without names", ["\r\nx", "\r\ny"], ["\r\nx", "\r\nz"], ["body/*/content value"]],
    ["a boundary inside a line", [field("a", "--one--x")], [field("a", "--one--y")], ["body/a/content value"]],
  ])("%s", (_, left, right, expected) => {
    expect(differ(multipart("one", ...left), multipart("t.w+o", ...right))).toEqual(expected);
  });

  test("without its end it is no multipart body", () => {
    const whole = multipart("x", field("a", "1"));
    const broken = typed("multipart/form-data; boundary=x")(`--x\r\n${field("a", "1")}\r\n--x`);
    const { divergences, notes } = compare(whole, broken);
    expect(divergences.map(({ place, kind }) => `${place} ${kind}`)).toEqual(["body type"]);
    expect(notes).toEqual(["a body labelled as multipart is none: read as text"]);
  });
});

describe("charsets", () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const utf16 = (text: string) => bytes(0xff, 0xfe, ...Buffer.from(text, "utf16le"));
  const body = (type: string, content: string | Uint8Array) => typed(type)(content);

  test.each<[string, string, string | Uint8Array, string, string | Uint8Array, string[]]>([
    ["latin-1 and UTF-8", "text/plain; charset=iso-8859-1", bytes(0xe9), "text/plain; charset=utf-8", "é", []],
    ["the euro sign of windows-1252", "text/plain; charset=windows-1252", bytes(0x80), "text/plain", "€", []],
    ["UTF-16 by its mark", "text/plain", utf16("é"), "text/plain", "é", []],
    ["a byte order mark", "text/plain", "\uFEFFa", "text/plain", "a", []],
    ["a mark inside is content", "text/plain", "a\uFEFF", "text/plain", "a", ["body value"]],
    ["JSON in UTF-16", "application/json", utf16('{"a":1}'), "application/json", '{"a":2}', ["body/a value"]],
    ["bytes that are no UTF-8", "text/plain", bytes(0xe9), "text/plain", bytes(0xe8), ["body value"]],
    ["the character they would be in latin-1", "text/plain", bytes(0xe9), "text/plain", "é", ["body value"]],
    ["an unknown charset", "text/plain; charset=klingon", "a", "text/plain; charset=klingon", "b", ["body value"]],
    [
      "JSON with bytes that are no UTF-8",
      "application/json",
      bytes(0x5b, 0x22, 0xe9, 0x22, 0x5d),
      "application/json",
      '["é"]',
      ["body/* value"],
    ],
  ])("%s", (_, leftType, left, rightType, right, expected) => {
    expect(differ(body(leftType, left), body(rightType, right)).filter((it) => !it.startsWith("header/"))).toEqual(
      expected,
    );
  });

  test("what is no text of its charset is said", () => {
    expect(compare(body("text/plain", bytes(0xe9)), body("text/plain", "e")).notes).toContain(
      "a body is no valid utf-8",
    );
  });
});

describe("bodies that are not what they are said to be", () => {
  const json = typed("application/json");
  test.each([
    ["a page for JSON in both", json("<html><p>a</p></html>"), json("<html><p>b</p></html>"), ["body/html/p value"]],
    ["a page for JSON in one", json("{}"), json("<!doctype html>x"), ["body type"]],
    ["JSON for a page", typed("text/html")('{"a":1}'), typed("text/html")('{"a":2}'), ["body/a value"]],
    ["a page without a label", typed("")("<html a=1></html>"), typed("")('<HTML a="1"></HTML>'), []],
    [
      "a page said to be plain text is plain text",
      typed("text/plain")("<html a=1></html>"),
      typed("text/plain")('<html a="1"></html>'),
      ["body value"],
    ],
    ["broken XML", typed("text/xml")("<a><b></a>"), typed("text/xml")("<a><b/></a>"), ["body type"]],
    ["JSON for XML", typed("text/xml")("[1]"), typed("text/xml")("[2]"), ["body/* value"]],
  ])("%s", (_, left, right, expected) => expect(differ(left, right)).toEqual(expected));
});

describe("bodies of which no content is stored", () => {
  const unread = (type: string, hash: string) => {
    const it = typed(type)("", true);
    return { ...it, body: { ...it.body, hash, bytes: 100 } };
  };
  test("binary ones differ by hash and size", () => {
    const [divergence] = compare(unread("image/png", "a".repeat(16)), unread("image/png", "b".repeat(16))).divergences;
    expect(divergence).toEqual({
      place: "body",
      kind: "value",
      left: "100 bytes, aaaaaaaaaaaaaaaa",
      right: "100 bytes, bbbbbbbbbbbbbbbb",
    });
    expect(differ(unread("image/png", "a"), unread("image/png", "a"))).toEqual([]);
  });

  test("text that could not be decoded is of another type than text that could, and that is said", () => {
    const { divergences, notes } = compare(typed("application/json")("{}"), unread("application/json", "a"));
    expect(divergences.map(({ place, kind }) => `${place} ${kind}`)).toEqual(["body type"]);
    expect(notes).toEqual(["a text body could not be decoded: only hash and size are known"]);
  });

  test("beside a body that is larger than what is stored, it may have been as large: undecided", () => {
    expect(differ(typed("text/html")("<p>", true), unread("text/html", "a"))).toEqual([
      "a body (HTML) is larger than what is stored",
    ]);
    expect(differ(typed("text/plain")("a", true), unread("text/plain", "a"))).toEqual(["a body could not be decoded"]);
  });

  test("what is stored alike, but was not alike before it was redacted, differs", () => {
    const it = typed("application/json")('{"a":"x"}');
    const other = { ...it, body: { ...it.body, hash: "f".repeat(16) } };
    expect(differ(it, other)).toEqual(["body value"]);
  });
});
