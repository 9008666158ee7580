import { createHash } from "node:crypto";
import fc from "fast-check";
import { createKeyedHash } from "../../../core/capture/keyed-hash.ts";

const expected = (key: Uint8Array, bytes: Uint8Array) => {
  const block = Buffer.concat([createHash("sha256").update(key).digest(), Buffer.alloc(32)]);
  return createHash("sha256").update(block).update(bytes).digest("hex").slice(0, 16);
};

test("it is SHA-256 behind the key, cut to 64 bits, for any key and message in any order", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.uint8Array({ maxLength: 200 })), (key, messages) => {
      const hash = createKeyedHash(key);
      for (const message of messages) expect(hash(message)).toBe(expected(key, message));
    }),
  );
});

test.each([4_032, 4_096, 4_097, 1_048_576, 2_000_000, 10])("a message of %d bytes", (length) => {
  const key = Buffer.from("key");
  const message = Buffer.alloc(length, 7);
  const hash = createKeyedHash(key);
  expect(hash(message)).toBe(expected(key, message));
  expect(hash(message.subarray(1))).toBe(expected(key, message.subarray(1)));
});
