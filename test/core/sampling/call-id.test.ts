import fc from "fast-check";
import { callIdOf, secondaryIdOf } from "../../../core/sampling/call-id.ts";

const headers = (fields: Record<string, string>) => (name: string) => fields[name];
const TRACE = "0af7651916cd43dd8448eb211c80319c";

test.each([
  ["trace", { traceparent: `00-${TRACE}-b7ad6b7169203331-01` }, TRACE],
  ["trace", { traceparent: `00-${"0".repeat(32)}-b7ad6b7169203331-01` }, undefined],
  ["trace", { traceparent: "nonsense" }, undefined],
  ["trace", {}, undefined],
  [{ header: "X-Request-Id" }, { "x-request-id": "r1" }, "r1"],
  [{ header: "X-Request-Id" }, { "x-request-id": "" }, undefined],
  [{ header: "X-Request-Id" }, { "x-request-id": "r".repeat(201) }, undefined],
] as const)("by %j, %j has the id %j", (key, fields, id) => {
  expect(callIdOf(key, headers(fields))).toBe(id);
});

test("the secondary's id is another one, of the same form, and leads back", () => {
  expect(secondaryIdOf(TRACE)).toMatch(/^0af7651916cd43dd8448eb21[0-9a-f]{8}$/);
  fc.assert(
    fc.property(fc.oneof(fc.uuid(), fc.string({ minLength: 1 }), fc.stringMatching(/^[0-9a-f]{32}$/)), (id) => {
      expect(secondaryIdOf(id)).not.toBe(id);
      expect(secondaryIdOf(secondaryIdOf(id))).toBe(id);
    }),
  );
});
