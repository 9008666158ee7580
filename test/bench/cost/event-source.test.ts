import { eventsOf, JUDGE_SOURCE, PAIR_SOURCE, pollingOf } from "../../../bench/cost/event-source.ts";

test.each([
  [10, 1],
  [10, 1.74],
  [100, 20.5],
  [7, 100],
])("%i messages in events of %d: each once, in order", (count, batch) => {
  const messages = Array.from({ length: count }, (_, index) => index);
  const events = eventsOf(messages, batch);
  expect(events.flat()).toEqual(messages);
  for (const event of events.slice(0, -1)) expect(Math.abs(event.length - batch)).toBeLessThan(1);
});

test.each([
  ["a message now and then is an event of its own", 0.01, 500, 1],
  ["more of them come to one poller in the window", 10, 10_000, 5],
  ["never more than a hundred", 100_000, 1_000, 100],
  ["large ones: what a poller of 1 MB/s carries in the window, and the first", 100_000, 950_000, 3],
])("%s", (_what, rate, bytes, batch) => {
  const polling = pollingOf(rate, bytes, PAIR_SOURCE);
  expect(Math.round(polling.batch)).toBe(batch);
  expect(polling.invocationsPerSecond * polling.batch).toBeCloseTo(rate);
});

test("without messages only long polls are paid for, and with them each message once at most", () => {
  expect(pollingOf(0, 100, JUDGE_SOURCE)).toMatchObject({
    receivesPerSecond: 0.25,
    invocationsPerSecond: 0,
    deletesPerSecond: 0,
  });
  expect(pollingOf(30, 100, JUDGE_SOURCE).receiveRequestsPerSecond).toBeCloseTo(30);
  expect(pollingOf(5_000, 100, JUDGE_SOURCE).receivesPerSecond).toBeCloseTo(500);
});

test("a receive of more than 64 KiB is billed as several", () => {
  expect(pollingOf(1, 100_000, PAIR_SOURCE).receiveRequestsPerSecond).toBeCloseTo(2, 1);
});
