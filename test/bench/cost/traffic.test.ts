import { zstdCompressSync } from "node:zlib";
import { changedOrder, createOrder } from "../../../bench/cost/order.ts";
import { createRandom } from "../../../bench/cost/random.ts";
import { createTraffic } from "../../../bench/cost/traffic.ts";
import { orderOf } from "../../../bench/diff/pairs.ts";

const textOf = (value: unknown): string => JSON.stringify(value);

test.each([64, 100, 333, 800, 2_000, 16_384, 200_000])("an order has the size asked for: %i", (bytes) => {
  const random = createRandom(bytes);
  for (let number = 0; number < 20; number++)
    expect(Buffer.byteLength(textOf(createOrder(number, bytes, random)))).toBe(bytes);
});

test("orders compress worse than those of the comparison's bench", () => {
  const random = createRandom(5);
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const sizeOf = (texts: readonly string[]) => zstdCompressSync(texts.join("\n")).length;
  const ours = sizeOf(numbers.map((number) => textOf(createOrder(number, 800, random))));
  expect(ours).toBeGreaterThan(2 * sizeOf(numbers.map((number) => orderOf(number, 125))));
});

test.each([64, 800, 16_384])("a changed order of %i bytes differs", (bytes) => {
  const random = createRandom(9);
  for (let number = 0; number < 50; number++) {
    const order = createOrder(number, bytes, random);
    expect(textOf(changedOrder(order, random))).not.toBe(textOf(order));
  }
});

test.each([0, 0.1, 0.33, 1])("a share of %d differs", (divergence) => {
  const traffic = createTraffic({ divergence, bodyBytes: 800, hasSecondary: true }, 3);
  let differing = 0;
  for (let number = 0; number < 300; number++) {
    const { primary, candidate, secondary } = traffic.next(number);
    const [old, next, once] = [{ outcome: "responded" as const, ...primary }, candidate, secondary].map((lane) =>
      lane?.outcome === "responded" ? Buffer.concat([...lane.raw]).toString() : undefined,
    );
    if (old !== next) differing++;
    expect(once).toBe(old);
    expect(old).toContain("\r\n\r\n{");
  }
  expect(Math.abs(differing - 300 * divergence)).toBeLessThanOrEqual(1);
});
