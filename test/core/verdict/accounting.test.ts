import fc from "fast-check";
import type { TeeFacts } from "../../../core/noise/facts.ts";
import { noOutcomes, OUTCOMES, type OutcomeCounts, sumOfOutcomes } from "../../../core/pair/outcome.ts";
import { accountingOf, type RunHeartbeat } from "../../../core/verdict/accounting.ts";

const NOW = 1_000_000_000;
const counts = (part: Partial<OutcomeCounts>): OutcomeCounts => ({ ...noOutcomes(), ...part });
const beat = (part: Partial<RunHeartbeat>): RunHeartbeat => ({
  tee: "a",
  epoch: "1",
  at: NOW,
  state: "live",
  outcomes: noOutcomes(),
  ...part,
});
const teeFacts = (part: Partial<TeeFacts>): TeeFacts => ({
  segments: 1,
  maxSeq: 0,
  compared: 0,
  candidateFailed: 0,
  outcomes: noOutcomes(),
  lastAt: NOW,
  ...part,
});

test("no tee, nothing to account for", () => {
  expect(accountingOf({}, [], NOW)).toEqual({
    outcomes: noOutcomes(),
    inFlight: 0,
    gap: { pairs: 0, segmentsMissing: 0, tees: [] },
  });
});

test("of a live tee what has not ended or not arrived is in flight", () => {
  const outcomes = counts({ sampled: 100, compared: 80, candidateFailed: 5, tooLarge: 7 });
  const accounting = accountingOf({ "a.1": teeFacts({ compared: 64, candidateFailed: 4 }) }, [beat({ outcomes })], NOW);
  expect(accounting.outcomes).toEqual(counts({ sampled: 100, compared: 64, candidateFailed: 4, tooLarge: 7 }));
  expect(accounting.inFlight).toBe(25);
  expect(accounting.gap.pairs).toBe(0);
});

test("a killed tee shows as a gap, said to be a lower bound", () => {
  const last = beat({ at: NOW - 15_001, outcomes: counts({ sampled: 100, compared: 90 }) });
  const accounting = accountingOf({ "a.1": teeFacts({ compared: 70 }) }, [last], NOW);
  expect(accounting.inFlight).toBe(0);
  expect(accounting.gap).toMatchObject({ pairs: 30, tees: [{ tee: "a", epoch: "1", pairs: 30, isLowerBound: true }] });
  expect(accounting.gap.tees[0]?.reason).toContain("without closing");
});

test("a closed tee is given 15 s for its last segments, then what is missing is lost", () => {
  const outcomes = counts({ sampled: 100, compared: 100 });
  const tees = { "a.1": teeFacts({ compared: 99 }) };
  const at = (ms: number) => accountingOf(tees, [beat({ state: "closed", at: NOW - ms, outcomes })], NOW);
  expect(at(15_000)).toMatchObject({ inFlight: 1, gap: { pairs: 0 } });
  expect(at(15_001)).toMatchObject({ inFlight: 0, gap: { pairs: 1, tees: [{ isLowerBound: false }] } });
});

test("a closed tee of which all arrived has no gap", () => {
  const outcomes = counts({ sampled: 12, compared: 10, abortedByCaller: 2 });
  const closed = beat({ state: "closed", at: NOW - 60_000, outcomes });
  expect(accountingOf({ "a.1": teeFacts({ compared: 10 }) }, [closed], NOW).gap.tees).toEqual([]);
});

test("a segment missing in the sequence of a live tee is a gap after 60 s, with its pairs", () => {
  const tees = (lastAt: number) => ({
    "a.1": teeFacts({
      segments: 9,
      maxSeq: 9,
      compared: 540,
      outcomes: counts({ sampled: 620, compared: 600 }),
      lastAt,
    }),
  });
  const live = [beat({ outcomes: counts({ sampled: 620, compared: 600 }) })];
  expect(accountingOf(tees(NOW - 1_000), live, NOW)).toMatchObject({ inFlight: 80, gap: { segmentsMissing: 0 } });
  const late = accountingOf(tees(NOW - 60_001), live, NOW);
  expect(late).toMatchObject({ inFlight: 20, gap: { pairs: 60, segmentsMissing: 1 } });
});

test("segments of a tee without a heartbeat count from their own snapshots", () => {
  const snapshot = counts({ sampled: 50, compared: 40, shedMemory: 3 });
  const tees = (lastAt: number) => ({ "host.example.7": teeFacts({ compared: 40, outcomes: snapshot, lastAt }) });
  expect(accountingOf(tees(NOW), [], NOW)).toMatchObject({ outcomes: { sampled: 50 }, inFlight: 7, gap: { pairs: 0 } });
  const silent = accountingOf(tees(NOW - 60_001), [], NOW);
  expect(silent).toMatchObject({ inFlight: 0, gap: { pairs: 7, tees: [{ tee: "host.example", epoch: "7" }] } });
});

test("a restart is another process: epochs are accounted for one by one", () => {
  const beats = [
    beat({ epoch: "1", at: NOW - 20_000, outcomes: counts({ sampled: 10 }) }),
    beat({ epoch: "2", outcomes: counts({ sampled: 4 }) }),
  ];
  expect(accountingOf({}, beats, NOW)).toMatchObject({ outcomes: { sampled: 14 }, inFlight: 4, gap: { pairs: 10 } });
});

const anyCounts = fc
  .tuple(fc.nat(500), ...OUTCOMES.map(() => fc.nat(100)))
  .map(([sampled, ...rest]) => counts({ sampled, ...Object.fromEntries(OUTCOMES.map((name, i) => [name, rest[i]])) }));
const anyTees = fc.dictionary(
  fc.constantFrom("a.1", "a.2", "b.1", "c.9"),
  fc.record({
    segments: fc.nat(20),
    maxSeq: fc.nat(20),
    compared: fc.nat(300),
    candidateFailed: fc.nat(50),
    outcomes: anyCounts,
    lastAt: fc.integer({ min: NOW - 120_000, max: NOW }),
  }),
);
const anyBeats = fc.array(
  fc.record({
    tee: fc.constantFrom("a", "b", "d"),
    epoch: fc.constantFrom("1", "2"),
    at: fc.integer({ min: NOW - 120_000, max: NOW }),
    state: fc.constantFrom("live" as const, "closed" as const),
    outcomes: anyCounts,
  }),
);

test("sampled is always the sum of outcomes, what is in flight and the gap, whatever the order of heartbeats", () => {
  fc.assert(
    fc.property(anyTees, anyBeats, (tees, beats) => {
      const accounting = accountingOf(tees, beats, NOW);
      const { outcomes, inFlight, gap } = accounting;
      expect(outcomes.sampled).toBe(sumOfOutcomes(outcomes) + inFlight + gap.pairs);
      expect(Math.min(inFlight, gap.pairs, gap.segmentsMissing)).toBeGreaterThanOrEqual(0);
      expect(gap.pairs).toBe(gap.tees.reduce((sum, { pairs }) => sum + pairs, 0));
      expect(accountingOf(tees, [...beats].reverse(), NOW)).toEqual(accounting);
    }),
  );
});
