import fc from "fast-check";
import { Growing } from "../../../core/segment/growing.ts";

const piece = fc.oneof(fc.string({ unit: "binary", maxLength: 50 }), fc.uint8Array({ maxLength: 50 }));
const pieces = fc.array(fc.tuple(piece, fc.constantFrom(1, 1, 2_000)), { maxLength: 20 });

test("what was added stands end to end, text as UTF-8, however often buffers were given back", () => {
  fc.assert(
    fc.property(pieces, (list) => {
      const growing = new Growing();
      const expected: Buffer[] = [];
      for (const [one, times] of list)
        for (let time = 0; time < times; time++) {
          if (typeof one === "string") growing.addText(one);
          else growing.add(one);
          expected.push(Buffer.from(one as string));
        }
      const all = Buffer.concat(expected);
      expect(growing.length).toBe(all.length);
      expect(growing.bytes.equals(all)).toBe(true);
      growing.free();
      expect(growing.length).toBe(0);
    }),
  );
});
