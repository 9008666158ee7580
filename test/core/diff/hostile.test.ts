import { compare } from "../../../core/diff/compare.ts";
import type { EndpointSchemas } from "../../../core/diff/schemas.ts";
import { marksOf } from "../../../core/noise/odd.ts";
import { HOSTILE } from "./hostile.ts";

const either = (key: string) => ({
  properties: { [key]: { type: "string" as const } },
  additionalProperties: { $ref: "#/any" },
});
const TREE: EndpointSchemas = {
  of: () => ({ $ref: "#/any" }),
  schemas: { "#/any": { oneOf: [either("a"), either("b"), { type: "array", items: { $ref: "#/any" } }] } },
};

// Termination and result only: what it costs is measured by the benches.
describe.each(HOSTILE)("hostile: $name", ({ left, right, expected }) => {
  test("ends, and is never equal by giving up", () => {
    const [a, b] = [left(), right()];
    const { divergences, undecided } = compare(a, b);
    expect(undecided !== null || divergences.length > 0).toBe(true);
    if (expected === "undecided") expect(undecided).not.toBeNull();
    else if (expected !== "either")
      expect([undecided, ...divergences.map(({ place, kind }) => `${place} ${kind}`)]).toEqual([null, ...expected]);
  });

  test("with a schema whose alternatives contain themselves it ends as well", () => {
    const { marks, undecided } = marksOf(left(), right(), left(), 0, { schemas: TREE });
    expect(undecided !== null || marks.length > 0).toBe(true);
  });

  test("a triple ends, and its texts are short", () => {
    const { marks, values, undecided } = marksOf(left(), right(), left(), 0);
    expect(undecided !== null || marks.length > 0).toBe(true);
    for (const { primary, candidate } of values)
      expect(Math.max(primary.length, candidate.length)).toBeLessThanOrEqual(300);
  });
});
