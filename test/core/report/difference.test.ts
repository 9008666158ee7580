import fc from "fast-check";
import { parted } from "../../../core/report/difference.ts";

const marked = (left: string, right: string) =>
  parted(left, right).map(({ before, own, after }) => `${before}[${own}]${after}`);

test.each([
  ["12.50", "12.5000001", "[12.50]", "[12.5000001]"],
  ['{"id":17,"a":1}', '{"id":"17","a":1}', '{"id":[17],"a":1}', '{"id":["17"],"a":1}'],
  ["Whisk No. 17", "Whisk No. 56", "Whisk No. [17]", "Whisk No. [56]"],
  ["a b", "a c b", "a []b", "a [c ]b"],
  ["", "x", "[]", "[x]"],
  ["same", "same", "same[]", "same[]"],
])("%j against %j", (left, right, ...expected) => expect(marked(left, right)).toEqual(expected));

test("the parts of a text are the text, and equal texts share all of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
      const [a, b] = parted(left, right);
      expect([a.before + a.own + a.after, b.before + b.own + b.after]).toEqual([left, right]);
      expect([a.before, a.after]).toEqual([b.before, b.after]);
      expect(parted(left, left)[0].own).toBe("");
    }),
  );
});
