import fc from "fast-check";
import {
  emptySketch,
  mergeSketches,
  quantile,
  RELATIVE_ERROR,
  SketchBuilder,
  sketchCount,
} from "../../../core/noise/sketch.ts";

const sketchOf = (values: readonly number[]) => {
  const builder = new SketchBuilder();
  for (const value of values) builder.add(value);
  return builder.build();
};
const milliseconds = fc.double({ min: 1e-3, max: 1e7, noNaN: true });

test("every quantile is within the relative error of the value at its rank", () => {
  fc.assert(
    fc.property(
      fc.array(milliseconds, { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        const exact = values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] as number;
        expect(Math.abs((quantile(sketchOf(values), q) as number) - exact)).toBeLessThanOrEqual(
          exact * RELATIVE_ERROR * (1 + 1e-9),
        );
      },
    ),
  );
});

test("merging two sketches is the sketch of both", () => {
  const values = fc.array(fc.oneof(milliseconds, fc.constant(0)), { maxLength: 50 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(mergeSketches(sketchOf(a), sketchOf(b))).toEqual(sketchOf([...b, ...a]));
      expect(mergeSketches(sketchOf(a), emptySketch())).toEqual(sketchOf(a));
      expect(sketchCount(sketchOf(a))).toBe(a.length);
    }),
  );
});

test("zero is counted as it is, and of nothing there is no quantile", () => {
  expect(quantile(sketchOf([0]), 0.5)).toBe(0);
  expect(sketchCount(emptySketch())).toBe(0);
  expect(quantile(emptySketch(), 0.5)).toBeUndefined();
});
