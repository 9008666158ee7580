import { Breaker, isTimeout, isTooLarge } from "../../proxy/breaker.ts";

const timeout = { outcome: "failed", reason: "timeout" } as const;
const OTHERS = [
  ["an answer", { outcome: "responded" }],
  ["an answer too large", { outcome: "tooLarge" }],
  ["a refusal", { outcome: "failed", reason: "refused" }],
  ["a reset", { outcome: "failed", reason: "reset" }],
  ["an invalid answer", { outcome: "failed", reason: "invalid" }],
] as const;

/** A breaker that opens at three time-outs and probes every 100 ms of its own clock. */
const breaking = () => {
  const clock = { ms: 0 };
  const breaker = new Breaker({ maxConsecutiveTimeouts: 3, breakerProbeMs: 100 }, () => clock.ms, isTimeout);
  const timeOuts = (count: number) => {
    for (let i = 0; i < count; i++) breaker.ended(timeout);
  };
  return { breaker, clock, timeOuts };
};

test("closed, it admits everything; so many time-outs in a row open it", () => {
  const { breaker, timeOuts } = breaking();
  timeOuts(2);
  expect([breaker.isOpen, breaker.admit()]).toEqual([false, true]);
  timeOuts(1);
  expect([breaker.isOpen, breaker.admit()]).toEqual([true, false]);
});

test.each(OTHERS)("%s between time-outs: they are not in a row", (_, end) => {
  const { breaker, timeOuts } = breaking();
  timeOuts(2);
  breaker.ended(end);
  timeOuts(2);
  expect(breaker.isOpen).toBe(false);
});

test.each(OTHERS)("%s while open closes it", (_, end) => {
  const { breaker, timeOuts } = breaking();
  timeOuts(3);
  breaker.ended(end);
  expect([breaker.isOpen, breaker.admit()]).toEqual([false, true]);
});

test("open, it admits one probe an interval, the first one interval after it opened", () => {
  const { breaker, clock, timeOuts } = breaking();
  timeOuts(3);
  const admittedAt = [];
  for (; clock.ms < 400; clock.ms += 10) if (breaker.admit()) admittedAt.push(clock.ms);
  expect(admittedAt).toEqual([100, 200, 300]);
});

test("after a pause there is one probe, not one for each interval that passed", () => {
  const { breaker, clock, timeOuts } = breaking();
  timeOuts(3);
  clock.ms = 10_000;
  expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
});

test("time-outs of mirrors sent before it opened do not put the next probe off", () => {
  const { breaker, clock, timeOuts } = breaking();
  timeOuts(3);
  clock.ms = 90;
  timeOuts(50);
  clock.ms = 100;
  expect(breaker.admit()).toBe(true);
});

test("one for answers too large is opened by them alone", () => {
  const breaker = new Breaker({ maxConsecutiveTimeouts: 3, breakerProbeMs: 100 }, () => 0, isTooLarge);
  for (let i = 0; i < 3; i++) breaker.ended(timeout);
  expect(breaker.isOpen).toBe(false);
  for (let i = 0; i < 3; i++) breaker.ended({ outcome: "tooLarge" });
  expect(breaker.isOpen).toBe(true);
  breaker.ended({ outcome: "responded" });
  expect(breaker.isOpen).toBe(false);
});
