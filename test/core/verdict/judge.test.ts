import type { Facts } from "../../../core/noise/facts.ts";
import type { Accounting } from "../../../core/verdict/accounting.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, factsOf, type Planted } from "./planted.ts";

const GET = "GET /orders/{id}";
const verdictOn = (facts: Facts, accounting: Accounting = accounted(), settings = DEFAULTS) =>
  judge({ facts, accounting, settings, attempts: 1, ratePerSecond: 10 }).verdict;
const on = (planted: Planted, part: Partial<Facts> = {}) => verdictOn(factsOf({ [GET]: planted }, part));

describe("UNDECIDED", () => {
  test("no pairs yet", () => {
    expect(verdictOn(factsOf({}))).toMatchObject({ verdict: "UNDECIDED", reason: "no pairs yet", needed: 3_756 });
  });

  test("says how many pairs are needed and how long that takes", () => {
    const verdict = on({ pairs: 3_000 });
    expect(verdict).toMatchObject({ verdict: "UNDECIDED", needed: 756, forecastSeconds: 75.6, pairs: 3_000 });
    expect(verdict.reason).toContain("756 more pairs without another would show fewer than 0.1 %");
  });

  test("names endpoints that have too few pairs", () => {
    const verdict = verdictOn(factsOf({ [GET]: { pairs: 5_000 }, "GET /rare": { pairs: 10 } }));
    expect(verdict).toMatchObject({ verdict: "UNDECIDED", needed: 10_020 });
    expect(verdict.reasons.join("\n")).toContain("GET /rare has 10 of the 30 pairs it needs");
  });

  test("paths the baseline does not know are not waited for", () => {
    expect(verdictOn(factsOf({ [GET]: { pairs: 5_000 }, "GET {unrouted}": { pairs: 1 } })).verdict).toBe("SAFE");
  });

  test("comparisons cut short are not called equal", () => {
    expect(on({ pairs: 4_000, part: { undecided: 40 } })).toMatchObject({ verdict: "UNDECIDED", diverging: 40 });
  });

  test("a difference without a secondary is said to be unconfirmed", () => {
    const verdict = on({ pairs: 500, triples: 0, seen: { "body/a value unknown": 300 } }, { control: "none" });
    expect(verdict.verdict).toBe("UNDECIDED");
    expect(verdict.reasons.join("\n")).toContain("value differs in 300 of 500 pairs, noise unknown — not confirmed");
  });
});

describe("SAFE", () => {
  test("at 3 756 equal pairs, not at 3 755", () => {
    expect(on({ pairs: 3_755 }).verdict).toBe("UNDECIDED");
    const verdict = on({ pairs: 3_756 });
    expect(verdict).toMatchObject({ verdict: "SAFE", needed: 0, forecastSeconds: 0, diverging: 0 });
    expect(verdict.divergingBound).toBeCloseTo(0.0007973, 6);
    expect(verdict.endpoints).toMatchObject([{ endpoint: GET, verdict: "SAFE" }]);
  });

  test("without a secondary, when hardly any pair differs", () => {
    expect(on({ pairs: 4_000, triples: 0 }, { control: "none" }).verdict).toBe("SAFE");
  });

  test("volatile formats and rarely masked places do not stand in its way", () => {
    const seen = { "body/at value format": 4_000 };
    expect(on({ pairs: 4_000, seen }).verdict).toBe("SAFE");
  });

  test("with noise on both sides it takes more pairs, but is reached", () => {
    const noisy = (pairs: number, each: number) =>
      on({ pairs, seen: { "body/a value candidate": each, "body/a value secondary": each } });
    expect(noisy(4_000, 40).verdict).toBe("UNDECIDED");
    expect(noisy(4_000, 40).needed).toBeGreaterThan(100_000);
    expect(noisy(400_000, 4_000).verdict).toBe("SAFE");
  });

  test("noise at one place cannot hide a divergence at another", () => {
    const seen = { "body/a value secondary": 400, "body/b value candidate": 8 };
    expect(on({ pairs: 4_000, seen }).verdict).toBe("UNDECIDED");
    expect(on({ pairs: 4_000, seen: { "body/a value secondary": 400 } }).verdict).toBe("SAFE");
  });

  test("half of the bet lies on triples where not every pair is one", () => {
    const seen = { "body/at value unknown": 9_000 };
    expect(on({ pairs: 19_000, triples: 10_000, seen }).verdict).toBe("SAFE");
    const writes = { "POST /orders": { pairs: 9_000, triples: 0, seen }, [GET]: { pairs: 10_000 } };
    expect(verdictOn(factsOf(writes)).verdict).toBe("UNDECIDED");
  });
});

describe("REGRESSION", () => {
  test("a confirmed breaking finding at any rate", () => {
    const verdict = on({ pairs: 1_000_000, seen: { "status status candidate": 12 } });
    expect(verdict).toMatchObject({ verdict: "REGRESSION", needed: null, findings: { confirmed: 1, total: 1 } });
    expect(verdict.reason).toBe(
      "GET /orders/{id} status: status differs in 12 of 1 000 000 pairs, noise 0 — confirmed",
    );
  });

  test("a changed value only if it is not shown to be rarer than the tolerance", () => {
    const seen = { "body/a value candidate": 12 };
    expect(on({ pairs: 10_000, seen }).verdict).toBe("REGRESSION");
    const rare = on({ pairs: 1_000_000, seen });
    expect(rare.verdict).toBe("SAFE");
    expect(rare.reasons.join("\n")).toContain("real, but shown to be rarer than 0.1 %");
  });

  test("the endpoint is marked, the others are not", () => {
    const facts = factsOf({
      "GET /a": { pairs: 5_000 },
      [GET]: { pairs: 2_031, seen: { "body/total value candidate": 412 } },
    });
    const names = verdictOn(facts).endpoints.map(({ endpoint, verdict }) => `${endpoint} ${verdict}`);
    expect(names).toEqual([`${GET} REGRESSION`, "GET /a SAFE"]);
  });

  test("a value constant per lane is pointed out where the secondary is the baseline itself", () => {
    const constant = { primary: "aa", candidate: "bb" };
    const places = { p: { place: "header/x-host", kind: "header" as const, firstAt: 1, constant, examples: [] } };
    const seen = { "header/x-host header candidate": 100 };
    const reasons = (control: Facts["control"]) =>
      on({ pairs: 100, seen, part: { places } }, { control }).reasons.join("\n");
    expect(reasons("baseline")).toContain("header/x-host always has one value in each lane");
    expect(reasons("control")).not.toContain("one value in each lane");
  });

  test("one busy caller is called one witness", () => {
    const part = { clusters: ["a", "b", "c", "d", "e"], divergingClusters: ["a"] };
    const verdict = on({ pairs: 200, seen: { "body/a value candidate": 100 }, part });
    expect(verdict.reasons.join("\n")).toContain("only one caller of 5");
  });
});

describe("INVALID comes before all else", () => {
  const broken: Planted = { pairs: 1_000, seen: { "status status candidate": 900 } };
  test.each<[string, Planted, Accounting, string]>([
    ["the secondary fails", { ...broken, triples: 900, part: { secondaryFailed: 100 } }, accounted(), "do not agree"],
    [
      "the secondary alone changes status",
      { pairs: 100, seen: { "status status secondary": 6 } },
      accounted(),
      "do not agree",
    ],
    ["pairs are lost", broken, accounted({ sampled: 1_000, compared: 900 }, 100), "at least 100 of 1 000"],
    ["too much is dropped", broken, accounted({ sampled: 1_000, compared: 985, tooLarge: 15 }), "tooLarge 15"],
    ["too much is masked", { pairs: 100, seen: { "body/a value all": 100 } }, accounted(), "10 %"],
    [
      "the candidate never answered",
      { pairs: 30, seen: { "failure failure candidate": 30 }, part: { candidateFailed: 30 } },
      accounted(),
      "never healthy",
    ],
  ])("%s", (_name, planted, accounting, words) => {
    const verdict = verdictOn(factsOf({ [GET]: planted }), accounting);
    expect(verdict).toMatchObject({ verdict: "INVALID", needed: null });
    expect(verdict.reason).toContain(words);
  });

  test("a candidate that answered at first and failed then is a regression", () => {
    const seen = { "failure failure candidate": 50 };
    expect(on({ pairs: 100, seen, part: { candidateFailed: 50 } }).verdict).toBe("REGRESSION");
  });

  test("one mishap among the first few pairs does not end a run", () => {
    expect(on({ pairs: 3, triples: 2, part: { secondaryFailed: 1 } }).verdict).toBe("UNDECIDED");
  });
});

test("attempts are told, for each has its own chance to be wrong", () => {
  const { verdict } = judge({ facts: factsOf({}), accounting: accounted(), settings: DEFAULTS, attempts: 4 });
  expect(verdict.attempts).toBe(4);
  expect(verdict.forecastSeconds).toBeNull();
  expect(verdict.reasons.join("\n")).toContain("This is attempt 4");
});
