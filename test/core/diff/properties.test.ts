import fc from "fast-check";
import { compare } from "../../../core/diff/compare.ts";
import { marksOf } from "../../../core/noise/odd.ts";
import type { StoredResponded } from "../../../core/segment/segment.ts";
import { answer } from "./captures.ts";

const TYPES = [
  "",
  "application/json",
  "application/x-ndjson",
  "application/json-seq",
  "text/event-stream",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=b",
  "text/html; charset=utf-8",
  "text/html; charset=utf-16",
  "application/xml",
  "text/plain; charset=shift_jis",
  "text/plain; charset=nonsense",
  "application/octet-stream",
] as const;

/** Pieces that the readers take for something. */
const PIECES = [
  ..."{}[]<>&;=\"'/!?-:,%+ \n\r\tab1",
  ..."\u001e\u00e9\ud83d",
  "<a>",
  "</a>",
  "<b c=1>",
  "</b>",
  "<p>",
  "<li>",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<!doctype html>",
  "<?xml ?>",
  "<script>",
  "</script>",
  "<pre>",
  "&amp;",
  "&lt;",
  "&#38;",
  "&e;",
  "data: ",
  "id: 1",
  "event: x",
  "\n\n",
  "--b",
  "--b--",
  "\r\n",
  'Content-Disposition: form-data; name="a"',
  "%41",
  "%FF",
  '{"a":1}',
  "[1.0]",
  '"__proto__":',
] as const;

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(""));
const bytes = fc.oneof(
  { weight: 4, arbitrary: text.map((it) => new TextEncoder().encode(it)) },
  fc.uint8Array({ maxLength: 60 }),
);
const typed = (type: string, body: Uint8Array, cut = false): StoredResponded =>
  answer({ headers: type === "" ? [] : [["content-type", type]], body, cut });
const verdictOf = (left: StoredResponded, right: StoredResponded): "equal" | "different" | "undecided" => {
  const { divergences, undecided } = compare(left, right);
  if (undecided !== null) return "undecided";
  return divergences.length === 0 ? "equal" : "different";
};

describe.each(TYPES)("%s", (type) => {
  test("no bytes make a comparison throw, and a body is equal to itself", () => {
    fc.assert(
      fc.property(bytes, bytes, fc.boolean(), fc.boolean(), (a, b, isCutLeft, isCutRight) => {
        const [left, right] = [typed(type, a, isCutLeft), typed(type, b, isCutRight)];
        expect(verdictOf(left, left)).toBe("equal");
        // The same content under another hash: read in full, and found to be the same.
        const read = { ...left, body: { ...left.body, hash: "other" } };
        expect(compare(left, read).divergences.every(({ place }) => place === "body")).toBe(true);
        compare(left, right);
        marksOf(left, right, read, 0);
      }),
      { numRuns: 300 },
    );
  });

  test("whether two bodies differ does not depend on which is first", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [left, right] = [typed(type, a), typed(type, b)];
        expect(verdictOf(left, right)).toBe(verdictOf(right, left));
      }),
      { numRuns: 300 },
    );
  });

  test("equal is an equivalence: what two bodies are equal to, they are equal to each other", () => {
    const near = fc.tuple(text, fc.nat(), fc.constantFrom(...PIECES), fc.nat(), fc.constantFrom(...PIECES));
    const put = (it: string, at: number, piece: string): string => {
      const index = it.length === 0 ? 0 : at % it.length;
      return it.slice(0, index) + piece + it.slice(index);
    };
    fc.assert(
      fc.property(near, ([base, at, piece, other, another]) => {
        const [a, b, c] = [base, put(base, at, piece), put(base, other, another)].map((it) =>
          typed(type, new TextEncoder().encode(it)),
        ) as [StoredResponded, StoredResponded, StoredResponded];
        if (verdictOf(a, b) === "equal" && verdictOf(a, c) === "equal") expect(verdictOf(b, c)).toBe("equal");
      }),
      { numRuns: 500 },
    );
  });
});
