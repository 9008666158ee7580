import type { Kind } from "../../../core/diff/place.ts";
import type { Mark, Odd } from "../../../core/noise/facts.ts";
import { type DriftSeen, driftedOf, lookOf, observe, type ReadState } from "../../../core/verdict/drift.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, factsOf } from "./planted.ts";

const START = Date.parse("2026-11-24T12:00:00Z");
const EVERY_MS = 10_000;
const READ = "/orders/1";
const ALPHA = DEFAULTS.alphaAlarm;

/** `place kind odd`, with the candidate's status where it is not 200: one look. */
interface Seen {
  readonly marks?: readonly string[];
  readonly primary?: number;
  readonly candidate?: number;
}
const AGREE: Seen = {};
const OTHER: Seen = { marks: ["body/total value candidate"] };
const times = (n: number, seen: Seen): Seen[] => Array.from({ length: n }, () => seen);

const markOf = (text: string): Mark => {
  const [place, kind, odd] = text.split(" ");
  return { place: place!, kind: kind as Kind, odd: odd as Odd };
};
const stateAfter = (seen: readonly Seen[], isVersion = false): ReadState | undefined =>
  seen.reduce<ReadState | undefined>((state, { marks = [], primary = 200, candidate = 200 }, index) => {
    const look = lookOf(marks.map(markOf), primary, candidate);
    return observe(state, look, START + index * EVERY_MS, isVersion);
  }, undefined);
const seenOf = (byRead: Readonly<Record<string, readonly Seen[]>>, over: Partial<DriftSeen> = {}): DriftSeen => {
  const isVersion = over.versions !== undefined;
  const reads = Object.fromEntries(Object.entries(byRead).map(([read, seen]) => [read, stateAfter(seen, isVersion)!]));
  const names = Object.keys(byRead);
  return {
    reads: isVersion ? [] : names,
    versions: [],
    state: { rules: 0, at: START, reads },
    takesWrites: false,
    ...over,
  };
};
const drifted = (seen: readonly Seen[]) => driftedOf(seenOf({ [READ]: seen }), ALPHA);
const asVersion = (seen: readonly Seen[]) => driftedOf(seenOf({ [READ]: seen }, { versions: [READ] }), ALPHA);

describe("data that drift", () => {
  test("a read that agreed, and then differs in its values for good, is shown after nine looks, with when it began", () => {
    expect(drifted([...times(5, AGREE), ...times(8, OTHER)])).toEqual([]);
    expect(drifted([...times(5, AGREE), ...times(9, OTHER)])).toEqual([
      { read: READ, place: "body/total", since: START + 5 * EVERY_MS, until: null },
    ]);
  });

  test("so is one whose thing is gone, and one whose thing is there in the candidate alone", () => {
    const gone: Seen = { marks: ["status status candidate", "body/total removed candidate"], candidate: 404 };
    expect(drifted([...times(5, AGREE), ...times(9, gone)])).toMatchObject([{ place: "status" }]);
  });

  test("it stays shown when the data are the same again, with how long it was", () => {
    const since = START + 5 * EVERY_MS;
    expect(drifted([...times(5, AGREE), ...times(12, OTHER), ...times(50, AGREE)])).toMatchObject([
      { since, until: since + 11 * EVERY_MS },
    ]);
  });

  test("a place that always differed, the change, does not hide one at which the data drift", () => {
    const change: Seen = { marks: ["body/currency value candidate"] };
    const both: Seen = { marks: ["body/currency value candidate", "body/total value candidate"] };
    expect(drifted([...times(5, change), ...times(9, both)])).toMatchObject([{ place: "body/total" }]);
  });

  test("a look in which all three differ neither breaks it nor counts", () => {
    const masked: Seen = { marks: ["body/total value all"] };
    expect(drifted([...times(5, AGREE), ...times(4, OTHER), masked, ...times(4, OTHER)])).toEqual([]);
    expect(drifted([...times(5, AGREE), ...times(4, OTHER), masked, ...times(5, OTHER)])).toHaveLength(1);
    expect(drifted([...times(5, AGREE), ...times(4, OTHER), AGREE, ...times(5, OTHER)])).toEqual([]);
  });

  test("noise that comes later takes nothing back", () => {
    const noisy: Seen = { marks: ["body/total value secondary"] };
    expect(drifted([...times(5, AGREE), ...times(12, OTHER), ...times(100, noisy)])).toHaveLength(1);
  });

  test("a version that differs from the first look on is shown", () => {
    expect(asVersion(times(8, OTHER))).toEqual([]);
    expect(asVersion(times(9, OTHER))).toMatchObject([{ since: START }]);
  });

  test("the more reads are declared, the more looks it takes", () => {
    const needed = (reads: number): number => {
      for (let looks = 1; ; looks++) {
        const seen = [...times(5, AGREE), ...times(looks, OTHER)];
        const all = Object.fromEntries(Array.from({ length: reads }, (_, index) => [`/${index}`, seen]));
        if (driftedOf(seenOf(all), ALPHA).length > 0) return looks;
      }
    };
    expect([1, 5, 20].map(needed)).toEqual([9, 12, 14]);
  });
});

test("what is kept of a read is bounded, however many and long its places are", () => {
  const marks = Array.from({ length: 500 }, (_, i) => `body/${i}${"x".repeat(10_000)} value candidate`);
  expect(JSON.stringify(stateAfter(times(3, { marks }))).length).toBeLessThan(10_000);
});

describe("what is no drift", () => {
  test.each<[string, readonly Seen[]]>([
    ["a regression at that read, from the first look on", times(500, OTHER)],
    [
      "a regression of a type that comes later",
      [...times(5, AGREE), ...times(500, { marks: ["body/a type candidate"] })],
    ],
    ["a field that is lost later", [...times(5, AGREE), ...times(500, { marks: ["body/a removed candidate"] })]],
    [
      "a candidate that fails later with 500",
      [...times(5, AGREE), ...times(500, { marks: ["status status candidate"], candidate: 500 })],
    ],
    [
      "a candidate that redirects later",
      [...times(5, AGREE), ...times(500, { marks: ["status status candidate"], candidate: 302 })],
    ],
    ["a header that is another later", [...times(5, AGREE), ...times(500, { marks: ["header/x header candidate"] })]],
    [
      "a read that the baseline does not know",
      times(500, { marks: ["body/a value candidate"], primary: 404, candidate: 404 }),
    ],
    ["noise: all three differ", [...times(5, AGREE), ...times(500, { marks: ["body/a value all"] })]],
    [
      "the secondary's data, which are other as well",
      [...times(5, AGREE), ...times(500, { marks: ["body/a value primary"] })],
    ],
    ["a time, which is other in each lane", [...times(5, AGREE), ...times(500, { marks: ["body/a value format"] })]],
    [
      "now the candidate, now the secondary alone",
      times(250, OTHER).flatMap((seen) => [AGREE, seen, { marks: ["body/total value secondary"] }]),
    ],
    [
      "a flaky regression that is wrong in 8 of 10 answers",
      Array.from({ length: 1_000 }, (_, i) => ((i * 7_919) % 10 < 8 ? OTHER : AGREE)),
    ],
    [
      "a flaky one, wrong for long and right for long",
      Array.from({ length: 20 }, (_, i) => times(20, i % 2 === 0 ? OTHER : AGREE)).flat(),
    ],
    ["too short a before", [...times(2, AGREE), ...times(500, OTHER)]],
  ])("%s", (_name, seen) => {
    expect(drifted(seen)).toEqual([]);
  });

  test("a version whose place is lost, or that the candidate does not have", () => {
    expect(asVersion(times(500, { marks: ["body/version removed candidate"] }))).toEqual([]);
    expect(asVersion(times(500, { marks: ["status status candidate"], candidate: 501 }))).toEqual([]);
  });

  test("two lanes alike, each noisy, at any look: in at most 1 % of the runs", () => {
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const share = (noise: number, runs = 400): number => {
      let shown = 0;
      for (let run = 0; run < runs; run++) {
        let reads: ReadState | undefined;
        for (let look = 0; look < 300; look++) {
          const [c, s] = [random() < noise, random() < noise];
          const marks = c === s ? [] : [markOf(`body/a value ${c ? "candidate" : "secondary"}`)];
          reads = observe(reads, lookOf(marks, 200, 200), look, true);
        }
        if (
          driftedOf({ ...seenOf({}), reads: [READ], state: { rules: 0, at: 0, reads: { [READ]: reads! } } }, ALPHA)
            .length > 0
        )
          shown++;
      }
      return shown / runs;
    };
    for (const noise of [0.01, 0.1, 0.3, 0.5]) expect([noise, share(noise) <= ALPHA]).toEqual([noise, true]);
  });
});

describe("the verdict", () => {
  const GET = "GET /orders/{id}";
  const facts = factsOf({ [GET]: { pairs: 4_000, seen: { "body/total value candidate": 3_000 } } });
  const verdictWith = (drift: DriftSeen, of = facts) =>
    judge({ facts: of, accounting: accounted(), settings: DEFAULTS, attempts: 1, drift }).verdict;
  const DRIFT = [...times(5, AGREE), ...times(20, OTHER)];

  test("is INVALID in place of thousands of false findings, and says how many reads, since when, where and what to do", () => {
    const seen = seenOf({
      [READ]: DRIFT,
      "/customers/1": times(25, AGREE),
      "/a": [...times(8, AGREE), ...times(17, OTHER)],
    });
    const verdict = verdictWith(seen);
    expect(verdict).toMatchObject({ verdict: "INVALID", needed: null });
    expect(verdict.reason).toBe(
      "The overlay's data differs from the baseline's: 2 of 3 declared reads answer differently since 12:00:50 UTC, first /orders/1 at body/total. Look at the overlay's store (it has a store of its own, which gets no writes), make its data those of the baseline, then start a new run.",
    );
    expect(verdictWith({ ...seen, takesWrites: true }).reason).toContain("writes that did not reach it");
  });

  test("names confirmed findings that other data do not explain", () => {
    const seen = { "body/total value candidate": 3_000, "body/name removed candidate": 400 };
    const verdict = verdictWith(seenOf({ [READ]: DRIFT }), factsOf({ [GET]: { pairs: 4_000, seen } }));
    expect(verdict.verdict).toBe("INVALID");
    expect(verdict.reasons.join("\n")).toMatch(
      /Other data do not explain: GET \/orders\/\{id\} body\/name: is missing/,
    );
    expect(verdict.reasons.join("\n")).not.toMatch(/do not explain: .*body\/total/);
  });

  test("is that of the findings where nothing drifts, where no look was made, and for reads that are not declared any more", () => {
    const never = verdictWith(seenOf({ [READ]: times(20, OTHER) }));
    expect(never.verdict).toBe("REGRESSION");
    expect(never.reasons.join("\n")).toContain(
      "/orders/1 body/total: different from the first look on, so the change, or",
    );
    expect(verdictWith({ ...seenOf({}), reads: [READ], state: undefined }).verdict).toBe("REGRESSION");
    expect(verdictWith({ ...seenOf({ [READ]: DRIFT }), reads: ["/other"] }).verdict).toBe("REGRESSION");
  });

  test("says of a read that shows nothing why", () => {
    const verdict = verdictWith(seenOf({ "/ordres/1": times(7, { primary: 404, candidate: 404 }) }));
    expect(verdict.reasons).toContain("Declared read /ordres/1 says nothing: the baseline answered 404 (7 looks).");
  });
});

describe("without declared reads", () => {
  const verdictOn = (endpoints: Parameters<typeof factsOf>[0]) =>
    judge({ facts: factsOf(endpoints), accounting: accounted(), settings: DEFAULTS, attempts: 1 }).verdict;
  const LOOKS = /Looks like data that differs: at GET \/a, GET \/b, GET \/c nothing but values/;
  const data = {
    pairs: 1_000,
    seen: { "body/x value candidate, body/y value candidate": 300, "body/z value candidate": 200 },
  };
  const equal = { pairs: 1_000 };

  test("values that differ at most endpoints are said to look like other data, and judged all the same", () => {
    const verdict = verdictOn({ "GET /a": data, "GET /b": data, "GET /c": data, "GET /d": equal });
    expect(verdict.verdict).toBe("REGRESSION");
    expect(verdict.reasons.join("\n")).toMatch(LOOKS);
  });

  test.each<[string, Parameters<typeof factsOf>[0]]>([
    ["one endpoint of many", { "GET /a": data, "GET /b": equal, "GET /c": equal, "GET /d": equal }],
    [
      "one place each, as of a shared helper",
      Object.fromEntries(
        ["a", "b", "c"].map((name) => [
          `GET /${name}`,
          { pairs: 1_000, seen: { [`body/${name} value candidate`]: 900 } },
        ]),
      ),
    ],
    [
      "a type beside them",
      { "GET /a": data, "GET /b": data, "GET /c": { pairs: 1_000, seen: { "body/t type candidate": 500 } } },
    ],
  ])("%s is not", (_name, endpoints) => {
    expect(verdictOn(endpoints).reasons.join("\n")).not.toContain("Looks like data");
  });
});
