import { paced } from "../../../core/recheck/pace.ts";

const as = (
  ats: readonly number[],
  over: Partial<Parameters<typeof paced>[3]> & { clock?: Parameters<typeof paced>[1]; now?: number } = {},
) => {
  const { clock = null, now = 1_000, ...pace } = over;
  return paced(ats, clock, now, { speed: 1, rate: 1_000, withinMs: 5_000, max: 100, ...pace });
};

test("distances are kept, divided by the speed", () => {
  expect(as([10_000, 10_200, 11_000]).afterMs).toEqual([0, 200, 1_000]);
  expect(as([10_000, 10_200, 11_000], { speed: 4 }).afterMs).toEqual([0, 50, 250]);
  expect(as([10_000, 10_200], { speed: 0.5 }).afterMs).toEqual([0, 400]);
});

test("never faster than the rate", () => {
  expect(as([0, 0, 1, 1_000], { rate: 10 }).afterMs).toEqual([0, 100, 200, 1_199]);
});

test("only what is due within the step, and as many as fit", () => {
  expect(as([0, 4_000, 6_000]).afterMs).toEqual([0, 4_000]);
  expect(as([0, 1, 2], { max: 2 }).afterMs).toEqual([0, 1]);
  expect(as([])).toEqual({ afterMs: [], waitMs: 0 });
});

test("goes on from the last one sent; what is not due yet says when it is", () => {
  const clock = { at: 10_000, sentAt: 500 };
  expect(as([12_000], { clock, now: 1_000 }).afterMs).toEqual([1_500]);
  expect(as([40_000], { clock, now: 1_000 })).toEqual({ afterMs: [], waitMs: 29_500 });
  expect(as([40_000], { clock, now: 1_000, speed: 10 }).afterMs).toEqual([2_500]);
});

test("who is late stays late: no burst makes up for it", () => {
  const clock = { at: 10_000, sentAt: 0 };
  expect(as([10_100, 10_200, 10_300], { clock, now: 60_000, rate: 10 }).afterMs).toEqual([0, 100, 200]);
});
