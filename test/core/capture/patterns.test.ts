import fc from "fast-check";
import { automatonOf } from "../../../core/capture/pattern-automaton.ts";
import { Patterns } from "../../../core/capture/patterns.ts";

const found = (pattern: string, text: string, emails = false): string[] =>
  new Patterns(pattern === "" ? [] : [pattern], emails).spansIn(text).map(([from, to]) => text.slice(from, to));

test.each([
  ["CUST-[0-9]{8}", "a CUST-12345678, CUST-1234567 and CUST-123456789", ["CUST-12345678", "CUST-12345678"]],
  [String.raw`\bCUST-\d{8}\b`, "xCUST-12345678 CUST-12345678 CUST-123456789", ["CUST-12345678"]],
  ["(?i)iban [a-z]{2}[0-9]{2}", "IBAN De12 iban FR34", ["IBAN De12", "iban FR34"]],
  ["abc|abcdef", "abcdef", ["abcdef"]],
  ["(?:ab){2,3}c?", "abababc ababx", ["abababc", "abab"]],
  [String.raw`a\.b\{c`, "a.b{c axb{c", ["a.b{c"]],
  ["[^a-z]{3}", "abc123", ["123"]],
  [String.raw`[\]a-]{3}`, "x]a-x", ["]a-"]],
  ["x.{2,4}y", "xaaayy xa\nay", ["xaaayy"]],
  ["aaa", "aaaaaa", ["aaa", "aaa"]],
])("%s finds the longest matches from left to right", (pattern, text, expected) => {
  expect(found(pattern, text)).toEqual(expected);
});

test.each([
  ["write to ann.b+c@shop.example.com, or <bob@x.io>.", ["ann.b+c@shop.example.com", "bob@x.io"]],
  ["@handle a@b user@localhost", []],
  [`${"a".repeat(70)}@x.io`, []],
])("addresses of mail in %j", (text, expected) => {
  expect(found("", text, true)).toEqual(expected);
});

test.each([
  ["a+", "must say how often at most: {1,64} in place of +"],
  ["ab*", "must say how often at most: {0,64} in place of *"],
  ["a{3,}", "must say how often at most: {3,64} in place of {3,}"],
  ["(a)\\1bc", "must not have \\1"],
  ["(?=a)abc", "looks neither ahead nor back"],
  ["(?<n>abc)", "looks neither ahead nor back"],
  ["^abc", "must not have ^"],
  ["abc$", "must not have $"],
  ["ab\\bcd", "at its beginning and end only"],
  ["ab", "must match 3 characters or more; its shortest match has 2"],
  ["abc|", "its shortest match has 0"],
  ["a{1000}b{1000}", "at most 1024 characters; this one may match 2000"],
  ["(?:(?:a{3,1000}){1,1000}){1,1000}", "at most 1024 characters"],
  ["(?:(?:(?:){1024}){1024}){1024}abc", "once repetitions are written out, at most 4096"],
  ["[ab]{0,15}a[ab]{15}c{0,9}a[ab]{15}", "is too ambiguous"],
  ["abb{2}{3}c", "two repetitions in a row"],
  ["ab{,3}cd", "{n} or {n,m}"],
  ["ab{3,2}c", "the smaller number first"],
  ["[abc", 'has a "[" without "]"'],
  ["(abc", 'has a "(" without ")"'],
  ["abc)", 'has a ")" without "("'],
  ["[z-a]bc", "ends before it begins"],
  ["[]abc", "has an empty set"],
  ["abc\\", "must not end in a backslash"],
  ["äbc", "printable ASCII"],
])("%s is refused: %s", (pattern, message) => {
  expect(() => automatonOf(pattern)).toThrow(message);
});

const atom = fc.oneof(
  fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", String.raw`\d`, String.raw`\w`, "1", "-"),
  fc.constantFrom("(?:a|bc)", "(?:ab|a)", "(?:a|b{2})"),
);
const repeated = fc.tuple(atom, fc.constantFrom("", "", "?", "{2}", "{1,3}")).map(([one, times]) => one + times);
const sequence = fc.array(repeated, { minLength: 3, maxLength: 6 }).map((parts) => parts.join(""));
const someText = fc
  .array(fc.constantFrom("a", "b", "c", "1", "-", " ", "\n"), { maxLength: 40 })
  .map((it) => it.join(""));

test("a pattern matches where JavaScript's regular expression does, for as long as it can", () => {
  const isTaken = (pattern: string): boolean => {
    try {
      automatonOf(pattern);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(sequence.filter(isTaken), someText, (pattern, text) => {
      const expected: string[] = [];
      for (let at = 0; at < text.length; ) {
        // The longest match from here, which the order of alternatives hides from a search.
        let longest = "";
        for (let to = text.length; to > at && longest === ""; to--)
          if (new RegExp(`^(?:${pattern})$`).test(text.slice(at, to))) longest = text.slice(at, to);
        if (longest !== "") expected.push(longest);
        at += Math.max(1, longest.length);
      }
      expect(found(pattern, text)).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ["CUST-[0-9]{8}", "CUST-"],
  ["(?:ab)c{2}def?", "ab"],
  ["a?bcd(?:e|f)ghijk", "ghijk"],
  ["(?i)a1b2-x", "2-"],
  ["[ab]{3}", undefined],
])("text without what %s needs is not looked at: %j", (pattern, needs) => {
  expect(automatonOf(pattern).needs).toBe(needs);
});

test("markers are stepped over, and no word ends beside one", () => {
  const marker = "~r:s:0123456789abcdef";
  expect(found("[0-9a-f]{3,16}", `abc${marker}def`)).toEqual(["abc", "def"]);
  expect(found(String.raw`\bA\d{3}\b`, `${marker}A123 A456${marker} A789`)).toEqual(["A789"]);
});

// A search that goes back would take longer than the universe.
test.each([
  ["(?:a|aa){2,500}b", "a"],
  ["(?:[ab]{1,30}){2,30}c", "ab"],
  [String.raw`[\w.]{1,64}@[\w.]{1,64}\.xyz`, "a@a."],
  [".{1,250}!!!", "a"],
])("hostile text takes %s no longer than its longest match a byte", (pattern, unit) => {
  expect(found(pattern, unit.repeat(Math.ceil(60_000 / unit.length)))).toEqual([]);
});
