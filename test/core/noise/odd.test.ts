import fc from "fast-check";
import { marksOf } from "../../../core/noise/odd.ts";
import { answer, failed, json, stub } from "../diff/captures.ts";

const AT = Date.UTC(2026, 0, 1);
type Lane = ReturnType<typeof answer> | ReturnType<typeof failed>;

const odds = (primary: ReturnType<typeof answer>, candidate: Lane, secondary?: Lane): string[] =>
  marksOf(primary, candidate, secondary, AT).marks.map(({ place, kind, odd }) => `${place} ${kind} ${odd}`);

const uuid = (n: number): string => JSON.stringify({ id: `0f8fad5b-d9cb-469f-a165-70867728950${n}` });

describe("with a secondary", () => {
  test.each([
    ["all equal", json("1"), json("1"), json("1"), []],
    ["candidate alone", json("1"), json("2"), json("1"), ["body value candidate"]],
    ["secondary alone", json("1"), json("1"), json("2"), ["body value secondary"]],
    ["primary alone", json("1"), json("2"), json("2"), ["body value primary"]],
    ["all three differ", json("1"), json("2"), json("3"), ["body value all"]],
    ["all three are UUIDs", json(uuid(1)), json(uuid(2)), json(uuid(3)), ["body/id value format"]],
    ["two UUIDs and a word", json(uuid(1)), json('{"id":"x"}'), json(uuid(3)), ["body/id value candidate"]],
    [
      "a noisy field that the candidate lost",
      json('{"t":1}'),
      json("{}"),
      json('{"t":2}'),
      ["body/t removed candidate", "body/t value secondary"],
    ],
    ["status", answer({}), answer({ status: 500 }), answer({ status: 503 }), ["status status all"]],
    ["candidate failed", answer({}), failed("timeout"), answer({}), ["failure failure candidate"]],
    ["both failed alike", answer({}), failed("timeout"), failed("timeout"), ["failure failure primary"]],
    ["both failed", answer({}), failed("timeout"), failed("reset"), ["failure failure all"]],
    ["secondary failed", json("1"), json("2"), failed("reset"), ["body value unknown", "failure failure secondary"]],
    [
      "another type where the others are noise",
      json('{"a":null}'),
      json('{"a":{"b":1}}'),
      json('{"a":{"b":2}}'),
      ["body/a type all"],
    ],
    [
      "map-like in one lane only",
      json('{"m":{"a":1}}'),
      json('{"m":{"a":2}}'),
      json('{"m":{"a":3}}'),
      ["body/m/a value all"],
    ],
    ["different items of one array", json("[1,2,3]"), json("[9,2,3]"), json("[1,2,9]"), ["body/* value all"]],
    ["an array that only the primary had shorter", json("[1]"), json("[1,2]"), json("[1,3]"), ["body length primary"]],
  ])("%s", (_, primary, candidate, secondary, expected) => {
    expect(odds(primary, candidate, secondary)).toEqual(expected);
  });

  describe("all three differ, and show by their looks which is made otherwise", () => {
    const cookie = (name: string, rest: string) => answer({ headers: [["Set-Cookie", `${name}; ${rest}`]] });
    const secret = (digit: number) => `sid=~r:s:${String(digit).repeat(16)}`;
    const text = (body: string) => answer({ body, headers: [["Content-Type", "text/plain"]] });
    test.each([
      ["a UUID is no word", json(uuid(1)), json('{"id":"x"}'), json(uuid(3)), "body/id value candidate"],
      ["nor in the secondary", json(uuid(1)), json(uuid(3)), json('{"id":"x"}'), "body/id value secondary"],
      [
        "cookies that are new with every answer",
        cookie(secret(1), "Path=/; Secure"),
        cookie(secret(2), "Path=/; Secure"),
        cookie(secret(3), "Path=/; Secure"),
        "header/set-cookie header format",
      ],
      [
        "a cookie that lost its flags",
        cookie(secret(1), "Path=/; Secure"),
        cookie(secret(2), "Path=/"),
        cookie(secret(3), "Path=/; Secure"),
        "header/set-cookie header candidate",
      ],
      [
        "times inside texts, two of which agree by chance",
        text(`served ${new Date(AT + 4).toISOString()} by web`),
        text(`served ${new Date(AT + 5).toISOString()} by web`),
        text(`served ${new Date(AT + 4).toISOString()} by web`),
        "body value format",
      ],
      [
        "one that looks like a token says nothing of two that do not",
        text("ticket 5f2c9a7be01d4c38"),
        text("ticket b"),
        text("ticket c"),
        "body value all",
      ],
    ])("%s", (_, primary, candidate, secondary, expected) => {
      expect(odds(primary, candidate, secondary)).toEqual([expected]);
    });
  });

  test("of a hostile answer only so much is looked at; the rest is masked", () => {
    const long = (n: number) => `${"x ".repeat(1_900)}0f8fad5b-d9cb-469f-a165-70867728950${n}`;
    const many = (n: number) =>
      json(JSON.stringify(Object.fromEntries([...Array(45).keys()].map((i) => [`f${i}`, long(n)]))));
    const found = odds(many(1), many(2), many(3)).map((it) => it.split(" ").at(-1));
    expect(found.indexOf("all")).toBeGreaterThan(10);
    expect(new Set(found.slice(found.indexOf("all")))).toEqual(new Set(["all"]));
  });

  describe("readings of a clock, each lane's own", () => {
    const at = (ms: number) => json(JSON.stringify({ at: new Date(AT + ms).toISOString() }));
    test.each([
      ["coincide by chance in two lanes", at(40), at(55), at(40), "format"],
      ["in the secondary alone", at(40), at(40), at(55), "format"],
      ["as epoch milliseconds", json(`{"at":${AT + 4}}`), json(`{"at":${AT + 5}}`), json(`{"at":${AT + 4}}`), "format"],
      ["without a secondary", at(40), at(55), undefined, "format"],
      ["further apart than the answers took", at(40), at(30_040), at(40), "candidate"],
      ["long ago: those are data", at(-9e9), at(-9e9 + 5), at(-9e9), "candidate"],
      ["one is no time", at(40), json('{"at":"never"}'), at(40), "candidate"],
    ])("%s", (_, primary, candidate, secondary, odd) => {
      expect(odds(primary, candidate, secondary)).toEqual([`body/at value ${odd}`]);
    });
  });

  test("values are told apart by the whole text, not by what is shown of it", () => {
    const long = (end: string) => json(JSON.stringify("x".repeat(1_000) + end));
    expect(odds(long("1"), long("2"), long("3"))).toEqual(["body value all"]);
    expect(odds(long("1"), long("2"), long("2"))).toEqual(["body value primary"]);
    const { values } = marksOf(long("1"), long("2"), long("3"), AT);
    expect(new Set([values[0]?.primary, values[0]?.candidate, values[0]?.secondary]).size).toBe(3);
  });

  test("where the secondary could not be compared, the body cannot be judged, and the pair is undecided", () => {
    const { marks, undecided } = marksOf(json("1"), json("2"), answer({ body: "{", cut: true }), AT);
    expect(undecided).not.toBeNull();
    expect(marks).toEqual(
      [
        { place: "header/content-type", kind: "header", odd: "secondary" },
        { place: "body", kind: "value", odd: "all" },
      ].toSorted((a, b) => (a.odd < b.odd ? -1 : 1)),
    );
  });

  test("exchanging candidate and secondary exchanges the marks, and nothing else", () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, 1, 2, "a", null),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "id"), tie("node"), { maxKeys: 3 }),
      ),
    })).node;
    const swapped: Record<string, string> = { candidate: "secondary", secondary: "candidate" };
    fc.assert(
      fc.property(value, value, value, (p, c, s) => {
        const [a, b, d] = [p, c, s].map((it) => json(JSON.stringify(it)));
        const there = odds(a!, b!, d!).map((it) => it.replace(/candidate|secondary/, (odd) => swapped[odd] ?? odd));
        expect(odds(a!, d!, b!).sort()).toEqual(there.sort());
      }),
      { numRuns: 500 },
    );
  });
});

describe("without a secondary", () => {
  test.each([
    ["a value", json("1"), json("2"), ["body value unknown"]],
    ["a better status", answer({ status: 500 }), answer({ status: 200 }), ["status status reverse"]],
    ["a worse status", answer({ status: 200 }), answer({ status: 404 }), ["status status unknown"]],
    ["another status of one class", answer({ status: 201 }), answer({ status: 200 }), ["status status unknown"]],
    ["a field more", json("{}"), json('{"a":1}'), ["body/a added reverse"]],
    ["a field less", json('{"a":1}'), json("{}"), ["body/a removed unknown"]],
    ["a failure", answer({}), failed("refused"), ["failure failure unknown"]],
    ["what shows that it is new with every answer", json(uuid(1)), json(uuid(2)), ["body/id value format"]],
    ["a UUID that became a word", json(uuid(1)), json('{"id":"x"}'), ["body/id value unknown"]],
  ])("%s", (_, primary, candidate, expected) => {
    expect(odds(primary, candidate)).toEqual(expected);
    expect(marksOf(primary, candidate, undefined, AT).values[0]).not.toHaveProperty("secondary");
  });
});

test("equal stubs have no marks", () => {
  expect(marksOf(stub(), stub(), stub(), AT)).toEqual({
    marks: [],
    values: [],
    undecided: null,
    places: 0,
    used: new Set(),
  });
});
