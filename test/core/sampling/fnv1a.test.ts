import fc from "fast-check";
import { fnv1a } from "../../../core/sampling/fnv1a.ts";

// Vectors of draft-eastlake-fnv, appendix C.
test.each([
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
])("%j hashes to %d", (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});

test("a hash goes on from the hash of what came before", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => expect(fnv1a(b, fnv1a(a))).toBe(fnv1a(a + b))));
});

test("characters beyond latin-1 count wholly", () => {
  expect(fnv1a("\u0161")).not.toBe(fnv1a("\u0061"));
});
