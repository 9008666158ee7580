import type { StoredResponded } from "../../../core/segment/segment.ts";
import { answer, json } from "./captures.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const items = (count: number, make: (index: number) => unknown) => () => json(JSON.stringify(range(count).map(make)));
const text = (make: () => string) => (): StoredResponded => json(make());
const MIB = 1 << 20;
const typed = (type: string, make: () => string) => (): StoredResponded =>
  answer({ headers: [["content-type", type]], body: make() });
const html = (make: () => string) => typed("text/html", make);
const xml = (make: () => string) => typed("application/xml", make);
const events = (make: () => string) => typed("text/event-stream", make);
const lines = (make: () => string) => typed("application/x-ndjson", make);
const form = (make: () => string) => typed("application/x-www-form-urlencoded", make);
const multipart = (boundary: string, make: (boundary: string) => string) =>
  typed(`multipart/form-data; boundary=${boundary}`, () => make(boundary));
/** Repeated up to a mebibyte, and what makes it differ behind it. */
const full = (piece: string, end = ""): string => piece.repeat(Math.floor((MIB - end.length) / piece.length)) + end;
const joined = (count: number, make: (index: number) => string): string => range(count).map(make).join("");
const parts =
  (count: number, make: (index: number) => string) =>
  (boundary: string): string =>
    `${joined(count, (i) => `--${boundary}\r\ncontent-disposition: form-data; name="f${i}"\r\n\r\n${make(i)}\r\n`)}--${boundary}--\r\n`;

/** A shuffle that is the same each time. */
const shuffled = (count: number): number[] => range(count).map((index) => (index * 7_919) % count);

/** Entities that would grow to gigabytes. */
const laughs = (end: string): string =>
  `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "${end}">${range(9)
    .map((i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
    .join("")}]><l>&l9;</l>`;

/** Arrays in arrays, each with two items that change places. */
const nested = (depth: number, order: "a" | "b", chars = 8_000): string =>
  range(depth).reduce((inner, i) => {
    const [one, two] = [`"${i}${"x".repeat(chars)}"`, `"${i}${"y".repeat(chars)}"`];
    return order === "a" ? `[${one},${two},${inner}]` : `[${two},${one},${inner}]`;
  }, "0");

interface HostilePair {
  readonly name: string;
  readonly left: () => StoredResponded;
  readonly right: () => StoredResponded;
  readonly expected: "undecided" | "either" | readonly string[];
}

/** Pairs that cost a careless comparison seconds. `expected`: the places and kinds, or that it gives up; `either` where both are fine. */
const PAIRS: readonly HostilePair[] = [
  {
    name: "10 000 disjoint objects without ids",
    left: items(10_000, (i) => ({ a: i, b: `x${i}` })),
    right: items(10_000, (i) => ({ a: -i - 1, b: `y${i}` })),
    expected: ["body/*/a value", "body/*/b value"],
  },
  {
    name: "10 000 disjoint objects with ids",
    left: items(10_000, (i) => ({ id: i, b: 1 })),
    right: items(10_000, (i) => ({ id: i + 10_000, b: 1 })),
    expected: ["body/*/id value"],
  },
  {
    name: "10 000 shuffled objects with ids",
    left: items(10_000, (i) => ({ id: i, b: `x${i}` })),
    right: () => json(JSON.stringify(shuffled(10_000).map((i) => ({ id: i, b: `x${i}` })))),
    expected: ["body order"],
  },
  {
    name: "10 000 shuffled objects without ids",
    left: items(10_000, (i) => ({ a: i, b: `x${i}` })),
    right: () => json(JSON.stringify(shuffled(10_000).map((i) => ({ a: i, b: `x${i}` })))),
    expected: ["body order"],
  },
  {
    name: "100 arrays of 200 disjoint numbers",
    left: items(100, (i) => range(200).map((j) => i * 1_000 + j)),
    right: items(100, (i) => range(200).map((j) => -i * 1_000 - j - 1)),
    expected: ["body/*/* value"],
  },
  {
    name: "depth 10 000",
    left: text(() => `${"[".repeat(10_000)}1${"]".repeat(10_000)}`),
    right: text(() => `${"[".repeat(10_000)}2${"]".repeat(10_000)}`),
    expected: [`body${"/*".repeat(64)}/… value`],
  },
  {
    name: "depth 10 000 of objects, exact numbers",
    left: text(() => `${'{"a":'.repeat(10_000)}1.0${"}".repeat(10_000)}`),
    right: text(() => `${'{"a":'.repeat(10_000)}2.0${"}".repeat(10_000)}`),
    expected: [`body${"/a".repeat(64)}/… value`],
  },
  {
    name: "1 MiB of records, one differs",
    left: items(9_000, (i) => ({
      id: i,
      name: `a name of some length ${i}`,
      price: i * 1.25,
      tags: ["a", "b"],
      ok: true,
    })),
    right: items(9_000, (i) => ({
      id: i,
      name: `a name of some length ${i}`,
      price: i === 4_500 ? 0 : i * 1.25,
      tags: ["a", "b"],
      ok: true,
    })),
    expected: ["body/*/price value"],
  },
  {
    name: "1 MiB of empty arrays",
    left: text(() => `[${"[],".repeat(MIB / 3)}[]]`),
    right: text(() => `[${"[],".repeat(MIB / 3)}[1]]`),
    expected: "undecided",
  },
  {
    name: "1 MiB of zeros",
    left: text(() => `[${"0,".repeat(MIB / 2)}0]`),
    right: text(() => `[${"0,".repeat(MIB / 2)}1]`),
    expected: "either",
  },
  {
    name: "1 MiB of zeros against ones",
    left: text(() => `[${"0,".repeat(MIB / 2)}0]`),
    right: text(() => `[${"1,".repeat(MIB / 2)}1]`),
    expected: "undecided",
  },
  {
    name: "1 MiB of exact numbers",
    left: text(() => `[${"1.0,".repeat(MIB / 4)}0]`),
    right: text(() => `[${"1.0,".repeat(MIB / 4)}1]`),
    expected: "undecided",
  },
  {
    name: "one string of 1 MiB",
    left: text(() => JSON.stringify("x".repeat(MIB))),
    right: text(() => JSON.stringify(`${"x".repeat(MIB)}y`)),
    expected: ["body value"],
  },
  {
    name: "one number of 1 MiB",
    left: text(() => "1".repeat(MIB)),
    right: text(() => `${"1".repeat(MIB - 1)}2`),
    expected: ["body value"],
  },
  {
    name: "1 MiB of quotes and backslashes",
    left: text(() => JSON.stringify(['"\\'.repeat(MIB / 4)])),
    right: text(() => JSON.stringify([`${'"\\'.repeat(MIB / 4)}x`])),
    expected: ["body/* value"],
  },
  {
    name: "100 000 keys",
    left: text(() => JSON.stringify(Object.fromEntries(range(100_000).map((i) => [`k${i}x`, i])))),
    right: text(() => JSON.stringify(Object.fromEntries(range(100_000).map((i) => [`k${i}x`, i + 1])))),
    expected: "undecided",
  },
  {
    name: "20 000 keys, all others",
    left: text(() => JSON.stringify(Object.fromEntries(range(20_000).map((i) => [`k${i}x`, i])))),
    right: text(() => JSON.stringify(Object.fromEntries(range(20_000).map((i) => [`j${i}x`, i])))),
    expected: "undecided",
  },
  {
    name: "one key 20 000 times",
    left: text(() => `{${'"a":1,'.repeat(20_000)}"b":1}`),
    right: text(() => `{${'"a":1,'.repeat(20_000)}"b":2}`),
    expected: ["body/b value"],
  },
  {
    name: "HTML, depth 10 000",
    left: html(() => `${"<div>".repeat(10_000)}1${"</div>".repeat(10_000)}`),
    right: html(() => `${"<div>".repeat(10_000)}2${"</div>".repeat(10_000)}`),
    expected: [`body${"/div".repeat(64)}/… value`],
  },
  {
    name: "HTML, 1 MiB of elements never closed",
    left: html(() => full("<a>")),
    right: html(() => full("<a>", "x")),
    expected: "undecided",
  },
  {
    name: "HTML, 1 MiB of stray end tags in depth 1 000",
    left: html(() => "<b>".repeat(1_000) + full("</i>")),
    right: html(() => "<b>".repeat(1_000) + full("</i>", "x")),
    expected: "undecided",
  },
  {
    name: "HTML, 100 000 attributes",
    left: html(() => `<p ${joined(100_000, (i) => `a${i}=1 `)}>`),
    right: html(() => `<p ${joined(100_000, (i) => `a${i}=2 `)}>`),
    expected: "undecided",
  },
  {
    name: "HTML, 10 000 attributes",
    left: html(() => `<p ${joined(10_000, (i) => `a${i}=1 `)}>`),
    right: html(() => `<p ${joined(10_000, (i) => `a${i}=2 `)}>`),
    expected: "either",
  },
  {
    name: "HTML, 10 000 list items, all others",
    left: html(() => `<ul>${joined(10_000, (i) => `<li>${i}</li>`)}</ul>`),
    right: html(() => `<ul>${joined(10_000, (i) => `<li>${-i - 1}</li>`)}</ul>`),
    expected: "either",
  },
  {
    name: "HTML, 2 000 list items, shuffled",
    left: html(() => `<ul>${joined(2_000, (i) => `<li>${i}</li>`)}</ul>`),
    right: html(
      () =>
        `<ul>${shuffled(2_000)
          .map((i) => `<li>${i}</li>`)
          .join("")}</ul>`,
    ),
    expected: ["body/ul order"],
  },
  {
    name: "HTML, 1 MiB page of 8 000 links, one differs",
    left: html(() =>
      joined(
        8_000,
        (i) =>
          `<div class="row"><a href="/items/${i}">An item of some length, number ${i}</a> and text around it, to fill the line</div>\n`,
      ),
    ),
    right: html(() =>
      joined(
        8_000,
        (i) =>
          `<div class="row"><a href="/items/${i === 4_000 ? "x" : i}">An item of some length, number ${i}</a> and text around it, to fill the line</div>\n`,
      ),
    ),
    expected: "either",
  },
  {
    name: "HTML, 1 MiB of white space",
    left: html(() => full(" \n")),
    right: html(() => full(" \n", "x")),
    expected: ["body value"],
  },
  {
    name: "HTML, 1 MiB of references",
    left: html(() => full("&#65;")),
    right: html(() => full("&#65;", "x")),
    expected: "either",
  },
  {
    name: "HTML, 1 MiB of <",
    left: html(() => full("<")),
    right: html(() => full("<", "x")),
    expected: "undecided",
  },
  {
    name: "HTML, 1 MiB of quotes in a tag",
    left: html(() => full("<a b='\"c ")),
    right: html(() => full("<a b='\"c ", "x")),
    expected: "either",
  },
  {
    name: "HTML, 1 MiB of comments that do not end",
    left: html(() => full("<!-- <")),
    right: html(() => full("<!-- <", "x")),
    expected: "undecided",
  },
  {
    name: "XML, a billion laughs",
    left: xml(() => laughs("a")),
    right: xml(() => laughs("b")),
    expected: ["body/#doctype value"],
  },
  {
    name: "XML, 1 MiB of empty elements",
    left: xml(() => `<a>${full("<b/>")}</a>`),
    right: xml(() => `<a>${full("<b/>")}x</a>`),
    expected: "undecided",
  },
  {
    name: "100 000 events",
    left: events(() => joined(100_000, (i) => `data: ${i}\n\n`)),
    right: events(() => joined(100_000, (i) => `data: ${-i - 1}\n\n`)),
    expected: "undecided",
  },
  {
    name: "10 000 events with JSON, all others",
    left: events(() => joined(10_000, (i) => `data: {"a":${i}}\n\n`)),
    right: events(() => joined(10_000, (i) => `data: {"a":${-i - 1}}\n\n`)),
    expected: "either",
  },
  {
    name: "one event of 1 MiB of lines",
    left: events(() => `${full("data:\n")}\n`),
    right: events(() => `${full("data:\n", "data: x\n")}\n`),
    expected: "either",
  },
  {
    name: "100 000 lines of JSON",
    left: lines(() => joined(100_000, (i) => `{"a":${i}}\n`)),
    right: lines(() => joined(100_000, (i) => `{"a":${-i - 1}}\n`)),
    expected: "undecided",
  },
  {
    name: "1 MiB of empty lines",
    left: lines(() => full("\n")),
    right: lines(() => full("\n", "1")),
    expected: "either",
  },
  {
    name: "a form of 100 000 fields",
    left: form(() => joined(100_000, (i) => `k${i}=1&`)),
    right: form(() => joined(100_000, (i) => `k${i}=2&`)),
    expected: "undecided",
  },
  {
    name: "a form of 10 000 fields, in another order",
    left: form(() => joined(10_000, (i) => `k${i}=1&`)),
    right: form(() =>
      shuffled(10_000)
        .map((i) => `k${i}=1&`)
        .join(""),
    ),
    expected: ["body order"],
  },
  {
    name: "a form of 1 MiB of escapes",
    left: form(() => `a=${full("%C3")}`),
    right: form(() => `a=${full("%C3", "x")}`),
    expected: "either",
  },
  {
    name: "multipart of 10 000 parts",
    left: multipart("x", parts(10_000, String)),
    right: multipart(
      "y",
      parts(10_000, (i) => String(-i - 1)),
    ),
    expected: "either",
  },
  {
    name: "multipart, one part of 1 MiB of header lines",
    left: multipart("x", (b) => `--${b}\r\n${full("a:b\r\n")}\r\n1\r\n--${b}--`),
    right: multipart("y", (b) => `--${b}\r\n${full("a:b\r\n")}\r\n2\r\n--${b}--`),
    expected: "either",
  },
  {
    name: "1 MiB of text, another first letter",
    left: typed("text/plain", () => full("line of text\n")),
    right: typed("text/plain", () => `x${full("line of text\n")}`),
    expected: ["body value"],
  },
  {
    name: "1 MiB that is no UTF-8",
    left: () => answer({ headers: [["content-type", "text/plain"]], body: new Uint8Array(MIB).fill(0xe9) }),
    right: () => answer({ headers: [["content-type", "text/plain"]], body: new Uint8Array(MIB).fill(0xe8) }),
    expected: ["body value"],
  },
  {
    name: "nested arrays of 1 MiB, each in another order",
    left: text(() => nested(60, "a")),
    right: text(() => nested(60, "b")),
    expected: "either",
  },
  {
    name: "arrays nested 128 deep, each in another order",
    left: text(() => nested(128, "a", 4_000)),
    right: text(() => nested(128, "b", 4_000)),
    expected: "either",
  },
  {
    name: "40 long texts removed",
    left: text(() => JSON.stringify(Object.fromEntries(range(40).map((i) => [`k${i}`, { v: "x".repeat(20_000) }])))),
    right: text(() => JSON.stringify(Object.fromEntries(range(40).map((i) => [`k${i}`, {}])))),
    expected: range(40).map((i) => `body/k${i}/v removed`),
  },
];

const isJson = ({ left }: HostilePair): boolean => {
  const { headers } = left();
  return headers.kind === "list" && headers.list.some(([, value]) => value === "application/json");
};

/** With whether a comparer of JSON can be asked as well. */
export const HOSTILE = PAIRS.map((pair) => ({ ...pair, isJson: isJson(pair) }));
