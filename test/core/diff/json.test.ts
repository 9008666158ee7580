import fc from "fast-check";
import { compare } from "../../../core/diff/compare.ts";
import { json } from "./captures.ts";

const differ = (left: string, right: string): string[] => {
  const { divergences, undecided } = compare(json(left), json(right));
  expect(undecided).toBeNull();
  return divergences.map(({ place, kind }) => `${place} ${kind}`);
};

describe("numbers and keys that a plain parse would lose", () => {
  test.each([
    ["9007199254740993", "9007199254740992", ["body value"]],
    ["0.1000000000000000055", "0.1", ["body value"]],
    ["[1e400]", "[1e401]", ["body/* value"]],
    ["1e-400", "0", ["body value"]],
    ["12345678901234567890", "12345678901234567891", ["body value"]],
    ["1", "1.0", []],
    ["1", "1e0", []],
    ["100", "1E+2", []],
    ["-0", "0", []],
    ["-0.0", "0e5", []],
    ["1.50", "1.5", []],
    ["9007199254740993", "9007199254740993.0", []],
    ["0.00000012", "1.2e-7", []],
    ["1e999999999999999999999", "1e999999999999999999998", ["body value"]],
    ['{"a":1,"a":2}', '{"a":2}', ["body/a value"]],
    ['{"a":1,"a":2}', '{"a":1,"a":3}', ["body/a value"]],
    ['{"a":1,"a":2}', '{"a":1,"a":2.0}', []],
    ['{"a":{"b":1,"b":[2]}}', '{"a":{"b":1,"b":[2,3]}}', ["body/a/b length"]],
    ['{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}', ["body/__proto__/a value"]],
    ['{"__proto__":{"a":1}}', "{}", ["body/__proto__ removed"]],
    ["{}", '{"__proto__":1.0}', ["body/__proto__ added"]],
    ['{"constructor":1}', "{}", ["body/constructor removed"]],
    ["{}", '{"toString":1,"hasOwnProperty":2}', ["body/toString added", "body/hasOwnProperty added"]],
    ['{"_t":"a","0":[1]}', '{"_t":"a","0":[2]}', ["body/*/* value"]],
    ['["\\u0061", "a\\"b:"]', '["a", "a\\"b:"]', []],
  ])("%s and %s", (left, right, expected) => {
    expect(differ(left, right)).toEqual(expected);
    expect(differ(right, left)).toEqual(
      expected.map((it) => it.replace(/added|removed/, (kind) => (kind === "added" ? "removed" : "added"))),
    );
  });

  test("numbers in another form are noted once", () => {
    expect(compare(json("[1,2,3]"), json("[1.0,2e0,3]")).notes).toEqual([
      "numbers written in another form (1, 1.0, 1e0)",
    ]);
  });
});

describe("kinds and places", () => {
  test.each([
    ['{"a":1}', '{"a":"1"}', ["body/a type"]],
    ['{"a":null}', '{"a":1}', ["body/a type"]],
    ['{"a":null}', "{}", ["body/a removed"]],
    ['{"a":[]}', '{"a":{}}', ["body/a type"]],
    ['{"a":true}', '{"a":false}', ["body/a value"]],
    ['{"a/b":{"c~d":1}}', '{"a/b":{"c~d":2}}', ["body/a~1b/c~0d value"]],
    ['{"":1}', '{"":2}', ["body/ value"]],
    ['{"0f8fad5b-d9cb-469f-a165-70867728950e":1}', '{"0f8fad5b-d9cb-469f-a165-70867728950e":2}', ["body/* value"]],
    ['{"2024-01-05":1,"17":2}', '{"2024-01-05":2,"17":3}', ["body/* value"]],
    [
      '{"accidental":1,"deadbeef":1}',
      '{"accidental":2,"deadbeef":2}',
      ["body/accidental value", "body/deadbeef value"],
    ],
    ['["~r:n:1f00000000000000"]', '["~r:n:2f00000000000000"]', ["body/* value"]],
    ['["~r:n:1f00000000000000"]', "[5]", ["body/* value"]],
    ['["~r:n:1f00000000000000"]', '["~r:s:1f00000000000000"]', ["body/* type"]],
    ['["~r:s:1f00000000000000"]', '["plain"]', ["body/* value"]],
    ['["~r:o:1f00000000000000"]', "[{}]", ["body/* value"]],
    ['["~r:n:1f"]', "[5]", ["body/* type"]],
  ])("%s -> %s", (left, right, expected) => {
    expect(differ(left, right)).toEqual(expected);
  });

  test("keys of an object with more than 50 keys are one place", () => {
    const keys = (value: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}x`, value])));
    expect(differ(keys(1), keys(2))).toEqual(["body/* value"]);
  });

  test("places beyond the cap are collected, none is lost", () => {
    const wide = (value: number) =>
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [
            `a${i}`,
            Object.fromEntries(Array.from({ length: 20 }, (_, j) => [`b${j}`, value])),
          ]),
        ),
      );
    const places = differ(wide(1), wide(2));
    expect(places).toHaveLength(201);
    expect(places.at(-1)).toBe("body/… value");
  });
});

describe("arrays", () => {
  test.each([
    ["equal", "[1,2,3]", "[1,2,3]", []],
    ["one item differs", "[1,2,3]", "[1,9,3]", ["body/* value"]],
    ["an item more", "[1,2]", "[1,2,3]", ["body length"]],
    ["an item less in front", '[{"x":1},{"x":2}]', '[{"x":2}]', ["body length"]],
    ["another order", "[1,2,3]", "[3,2,1]", ["body order"]],
    ["another order of objects", '[{"a":1,"b":2},{"c":3}]', '[{"c":3},{"b":2,"a":1}]', ["body order"]],
    ["a rotated list", "[1,2,3,4]", "[2,3,4,1]", ["body order"]],
    [
      "objects whose ids became strings, in another order",
      '[{"id":1,"n":"a"},{"id":2,"n":"b"},{"id":3,"n":"c"}]',
      '[{"id":"3","n":"c"},{"id":"2","n":"b"},{"id":"1","n":"a"}]',
      ["body order", "body/*/id type"],
    ],
    [
      "matched by id, one field differs",
      '[{"id":1,"p":1},{"id":2,"p":2}]',
      '[{"id":1,"p":1},{"id":2,"p":3}]',
      ["body/*/p value"],
    ],
    [
      "matched by id, moved and changed",
      '[{"id":1,"p":1},{"id":2,"p":2}]',
      '[{"id":2,"p":2},{"id":1,"p":3}]',
      ["body order", "body/*/p value"],
    ],
    [
      "an item with another id",
      '[{"id":1,"p":1},{"id":2,"p":2}]',
      '[{"id":1,"p":1},{"id":3,"p":2}]',
      ["body/*/id value"],
    ],
    [
      "a field lost in items without id, one item more",
      '[{"a":1,"b":1},{"a":2,"b":2}]',
      '[{"a":1},{"a":2},{"a":3}]',
      ["body length", "body/*/b removed"],
    ],
    [
      "one less of items that are new with every answer",
      '[{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","n":"a"},{"id":"1f8fad5b-d9cb-469f-a165-70867728950e","n":"b"}]',
      '[{"id":"2f8fad5b-d9cb-469f-a165-70867728950e","n":"b"}]',
      ["body length", "body/*/id value"],
    ],
    ["duplicates", "[1,1,2]", "[1,2,2]", ["body/* value"]],
    ["like is paired with like", '[1,"a"]', '["b",2]', ["body/* value"]],
    ["emptied", "[1]", "[]", ["body length"]],
    ["nested", "[[1,2],[3]]", "[[1,2],[4]]", ["body/*/* value"]],
    ["numbers in another form, moved", "[1.0,2.0,3]", "[2,1,3]", ["body order"]],
  ])("%s", (_, left, right, expected) => {
    expect(differ(left, right)).toEqual(expected);
  });
});

const value = fc.jsonValue({ maxDepth: 4 });

describe("properties", () => {
  test("a value is equal to itself, however its keys are ordered", () => {
    const shuffled = (it: unknown): unknown => {
      if (Array.isArray(it)) return it.map(shuffled);
      if (typeof it !== "object" || it === null) return it;
      return Object.fromEntries(
        Object.entries(it)
          .reverse()
          .map(([key, inner]) => [key, shuffled(inner)]),
      );
    };
    fc.assert(
      fc.property(value, (it) => {
        expect(differ(JSON.stringify(it), JSON.stringify(shuffled(it), null, 1))).toEqual([]);
      }),
    );
  });

  test("two values have no divergence only if they are equal", () => {
    const canonical = (it: unknown): string =>
      JSON.stringify(it, (_, inner) =>
        typeof inner === "object" && inner !== null && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
          : inner,
      );
    const small = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(0, 1, -1, "a", null, true, 1.5),
        fc.array(tie("node"), { maxLength: 5 }),
        fc.dictionary(fc.constantFrom("id", "a", "b", "__proto__"), tie("node"), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(differ(JSON.stringify(a), JSON.stringify(b)).length === 0).toBe(canonical(a) === canonical(b));
      }),
      { numRuns: 2_000 },
    );
  });

  test("an array in another order is never equal, and says nothing but order where it has no equal items", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(value, { minLength: 2, maxLength: 30, selector: (it) => JSON.stringify(it) }),
        fc.nat(),
        (items, by) => {
          const shift = 1 + (by % (items.length - 1));
          const rotated = [...items.slice(shift), ...items.slice(0, shift)];
          fc.pre(items.some((item) => typeof item !== "object"));
          expect(differ(JSON.stringify(items), JSON.stringify(rotated))).toContain("body order");
        },
      ),
    );
  });

  test("the mirror image swaps added and removed, and nothing else", () => {
    const mirrored = { added: "removed", removed: "added" } as Record<string, string>;
    const object = fc.dictionary(
      fc.constantFrom("a", "b", "c"),
      fc.oneof(fc.integer(), fc.string(), fc.dictionary(fc.constantFrom("d", "e"), fc.boolean())),
    );
    fc.assert(
      fc.property(object, object, (a, b) => {
        const [there, back] = [
          differ(JSON.stringify(a), JSON.stringify(b)),
          differ(JSON.stringify(b), JSON.stringify(a)),
        ];
        expect(back.map((it) => it.replace(/added|removed/, (kind) => mirrored[kind] ?? kind)).sort()).toEqual(
          there.sort(),
        );
      }),
    );
  });
});
