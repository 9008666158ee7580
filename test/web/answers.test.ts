import { aligned } from "../../web/src/answers/align.ts";
import { MAX_ROWS, readLossless, rowsOf } from "../../web/src/answers/json-rows.ts";

const read = (...texts: string[]) => texts.map((text) => readLossless(text)!.value);
const byDefault = (_path: string, fallback: boolean) => fallback;
const everything = () => true;
const shown = (values: readonly unknown[], isOpen = byDefault) =>
  rowsOf(values, isOpen).map(({ name, cells }) => [name, ...cells.map((cell) => ("text" in cell ? cell.text : "–"))]);

test("numbers are shown as they were written: none is rounded, and none differs that is equal in text alone", () => {
  const [left, right] = ['{"n":9007199254740993,"m":1.0}', '{"n":9007199254740992,"m":1.0}'];
  const rows = rowsOf(read(left, right), byDefault);
  expect(rows.find(({ name }) => name === "n")).toMatchObject({
    cells: [{ text: "9007199254740993" }, { text: "9007199254740992" }],
    differs: [false, true],
  });
  expect(rows.find(({ name }) => name === "m")!.differs).toEqual([false, false]);
});

test("keys that would mislead a program are keys like any other", () => {
  const rows = shown(read('{"__proto__":1,"a":1,"a":2}', '{"__proto__":2,"a":1,"a":2}'));
  expect(rows).toContainEqual(["__proto__", "1", "2"]);
  expect(rows).toContainEqual(["a", "1 and again 2", "1 and again 2"]);
});

test("what is the same in all lanes is folded, what differs is open", () => {
  const values = read('{"same":{"x":1},"other":{"y":1}}', '{"same":{"x":1},"other":{"y":2}}');
  expect(shown(values).map(([name]) => name)).toEqual(["", "same", "other", "y"]);
  expect(shown(values, everything).map(([name]) => name)).toEqual(["", "same", "x", "other", "y"]);
});

test("a place has the name that findings give it", () => {
  const places = rowsOf(read('{"lines":[{"a/b":1}],"2024-01-01":{"x":1}}', "{}"), everything).map(({ place }) => place);
  expect(places).toEqual(["body", "body/lines", "body/lines/*", "body/lines/*/a~1b", "body/*", "body/*/x"]);
});

test.each([
  ["an item before all others", ["a", "b", "c"], ["x", "a", "b", "c"], ["-x", "aa", "bb", "cc"]],
  ["an item that is gone", ["a", "b", "c"], ["a", "c"], ["aa", "b-", "cc"]],
  ["a changed item beside a new one", ["a", "b"], ["a", "B", "new"], ["aa", "bB", "-new"]],
  ["another order", ["a", "b"], ["b", "a"], ["ab", "ba"]],
  ["nothing on one side", [], ["a"], ["-a"]],
])("lists stand side by side: %s", (_, left, right, expected) => {
  const rows = aligned([left, right]).map(
    ([a, b]) => `${a === undefined ? "-" : left[a]}${b === undefined ? "-" : right[b]}`,
  );
  expect(rows).toEqual(expected);
});

test("three lists: what the third alone has stands by itself", () => {
  expect(aligned([["a"], ["a"], ["x", "a"]])).toEqual([
    [undefined, undefined, 0],
    [0, 0, 1],
  ]);
});

test("every item of every list stands in exactly one row, in its order", () => {
  const lists = [
    ["a", "b", "c", "d"],
    ["b", "x", "d"],
    ["d", "a", "b", "y", "c"],
  ];
  const rows = aligned(lists);
  for (const [lane, list] of lists.entries())
    expect(rows.map((row) => row[lane]).filter((index) => index !== undefined)).toEqual([...list.keys()]);
});

test("a huge answer has an end, and a deep one does no harm", () => {
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])));
  expect(rowsOf(read(wide, wide.replace("1", "2")), everything)).toHaveLength(MAX_ROWS);
  const deep = `${"[".repeat(50_000)}1${"]".repeat(50_000)}`;
  const rows = rowsOf(read(deep, "[1]"), everything);
  expect(rows.length).toBeLessThan(MAX_ROWS);
  expect(rows.at(-1)!.cells[0]).toMatchObject({ text: expect.stringContaining("deeper") });
});
