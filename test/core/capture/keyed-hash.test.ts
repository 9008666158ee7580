import { createHmac } from "node:crypto";
import fc from "fast-check";
import { createKeyedHash } from "../../../core/capture/keyed-hash.ts";

const hmac = (key: Uint8Array, bytes: Uint8Array) => createHmac("sha256", key).update(bytes).digest("hex").slice(0, 16);

test("it is HMAC-SHA256, cut to 64 bits, for any key and message in any order", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.uint8Array({ maxLength: 200 })), (key, messages) => {
      const hash = createKeyedHash(key);
      for (const message of messages) expect(hash(message)).toBe(hmac(key, message));
    }),
  );
});

test.each([4_032, 4_096, 4_097, 1_048_576, 2_000_000, 10])("a message of %d bytes", (length) => {
  const key = Buffer.from("key");
  const message = Buffer.alloc(length, 7);
  const hash = createKeyedHash(key);
  expect(hash(message)).toBe(hmac(key, message));
  expect(hash(message.subarray(1))).toBe(hmac(key, message.subarray(1)));
});
