import type { Facts } from "../../../core/noise/facts.ts";
import { signatureKey } from "../../../core/noise/signature.ts";
import type { Accounting } from "../../../core/verdict/accounting.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, factsOf, marksOf, type Planted } from "./planted.ts";

const GET = "GET /orders/{id}";
const verdictOn = (facts: Facts, accounting: Accounting = accounted(), settings = DEFAULTS) =>
  judge({ facts, accounting, settings, attempts: 1, ratePerSecond: 10 }).verdict;
const on = (planted: Planted, part: Partial<Facts> = {}) => verdictOn(factsOf({ [GET]: planted }, part));

describe("UNDECIDED", () => {
  test("no pairs yet", () => {
    expect(verdictOn(factsOf({}))).toMatchObject({ verdict: "UNDECIDED", reason: "no pairs yet", needed: 3_714 });
  });

  test("says how many pairs are needed and how long that takes", () => {
    const verdict = on({ pairs: 3_000 });
    expect(verdict).toMatchObject({ verdict: "UNDECIDED", needed: 714, forecastSeconds: 71.4, pairs: 3_000 });
    expect(verdict.reason).toContain("714 more pairs without another would show fewer than 0.1 %");
  });

  test("names endpoints that have too few pairs", () => {
    const verdict = verdictOn(factsOf({ [GET]: { pairs: 5_000 }, "GET /rare": { pairs: 10 } }));
    expect(verdict).toMatchObject({ verdict: "UNDECIDED", needed: 10_020 });
    expect(verdict.reasons.join("\n")).toContain("GET /rare has 10 of the 30 pairs it needs");
  });

  test("paths the baseline does not know are not waited for", () => {
    expect(verdictOn(factsOf({ [GET]: { pairs: 5_000 }, "GET {unrouted}": { pairs: 1 } })).verdict).toBe("SAFE");
    const probed = (notFound: number, declared: readonly string[] = []) => {
      const facts = factsOf({ [GET]: { pairs: 5_000 }, "GET /.env": { pairs: 2, part: { notFound } } });
      return judge({ facts, accounting: accounted(), settings: DEFAULTS, attempts: 1, declared }).verdict.verdict;
    };
    expect([probed(2), probed(1), probed(2, ["GET /.env"])]).toEqual(["SAFE", "UNDECIDED", "UNDECIDED"]);
  });

  test("waits for endpoints that are declared, and not for those that are accepted", () => {
    const facts = factsOf({ [GET]: { pairs: 5_000 } });
    const on = (acceptedEndpoints: string[]) =>
      judge({
        facts,
        accounting: accounted(),
        settings: { ...DEFAULTS, acceptedEndpoints },
        attempts: 1,
        declared: [GET, "DELETE /orders/{id}"],
      }).verdict;
    const waiting = on([]);
    expect(waiting).toMatchObject({ verdict: "UNDECIDED", needed: 30 });
    expect(waiting.reasons.join("\n")).toContain("DELETE /orders/{id} has 0 of the 30 pairs it needs");
    expect(waiting.endpoints).toMatchObject([{ verdict: "UNDECIDED", pairs: 0 }, { verdict: "SAFE" }]);
    expect(on(["DELETE /orders/{id}"]).verdict).toBe("SAFE");
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
  test("at 3 714 equal pairs, not at 3 713", () => {
    expect(on({ pairs: 3_713 }).verdict).toBe("UNDECIDED");
    const verdict = on({ pairs: 3_714 });
    expect(verdict).toMatchObject({ verdict: "SAFE", needed: 0, forecastSeconds: 0, diverging: 0 });
    expect(verdict.divergingBound).toBeCloseTo(0.000806, 6);
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
    const places = {
      p: { place: "header/x-host", kind: "header" as const, firstAt: 1, lastAt: 1, constant, examples: [] },
    };
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

test("what was all within one minute of a long run is said to be one event", () => {
  const place = (lastAt: number) => ({
    p: { place: "status", kind: "status" as const, firstAt: 1_000, lastAt, constant: null, examples: [] },
  });
  const reasons = (lastAt: number) =>
    on(
      { pairs: 5_000, seen: { "status status candidate": 30 }, part: { places: place(lastAt) } },
      { lastAt: 3_600_000 },
    ).reasons.join("\n");
  expect(reasons(40_000)).toContain("GET /orders/{id} status: all within one minute, at 00:00:01 UTC");
  expect(reasons(400_000)).not.toContain("within one minute");
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
    [
      "candidate and secondary both change status, alike",
      { pairs: 10_000, seen: { "status status primary": 10_000 } },
      accounted(),
      "not the same version, or without the baseline's data or rights",
    ],
    ["all three have another status", { pairs: 100, seen: { "status status all": 6 } }, accounted(), "do not agree"],
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

  test("a candidate that was not up yet is none", () => {
    const coldFailures = { "1": { at: 900, triples: 50, alone: 0 } };
    const signatures = {
      [signatureKey(marksOf("failure failure candidate"))]: {
        marks: marksOf("failure failure candidate"),
        n: 50,
        places: 50,
      },
    };
    const verdict = on({ pairs: 4_050, part: { candidateFailed: 50, coldFailures, signatures } });
    expect(verdict).toMatchObject({ verdict: "SAFE", pairs: 4_000, diverging: 0 });
    expect(verdict.reasons.join("\n")).toContain("50 requests came before the candidate's first answer");
  });

  test("one that has not answered yet is waited for, as long as it failed on few requests", () => {
    const signatures = {
      [signatureKey(marksOf("failure failure candidate"))]: {
        marks: marksOf("failure failure candidate"),
        n: 12,
        places: 12,
      },
    };
    const part = { candidateFailed: 12, coldFailures: { "1": { at: 900, triples: 12, alone: 0 } }, signatures };
    const verdict = on({ pairs: 12, part }, { candidateAnswered: null });
    expect(verdict.verdict).toBe("UNDECIDED");
    expect(verdict.reason).toBe("The candidate has not answered yet: it failed on 12 requests");
  });

  test("a candidate that died is said to be down since", () => {
    const seen = { "failure failure candidate": 50 };
    const verdict = on({ pairs: 100, seen, part: { candidateFailed: 50 } }, { lastAt: 60_000 });
    expect(verdict.reasons.join("\n")).toContain("has not answered since 00:00:02 UTC");
  });

  test("one mishap among the first few pairs does not end a run", () => {
    expect(on({ pairs: 3, triples: 2, part: { secondaryFailed: 1 } }).verdict).toBe("UNDECIDED");
  });
});

test("values that show by themselves that they are new with every answer are named where no secondary could show it", () => {
  const example = {
    pair: "p",
    at: 1,
    request: "GET /",
    primary: "1",
    candidate: '"2f0e8c1a-6f7c-4f4e-9d2f-0c1d2e3f4a5b"',
  };
  const places = {
    p: { place: "body/id", kind: "value" as const, firstAt: 1, lastAt: 1, constant: null, examples: [example] },
  };
  const planted = { pairs: 4_000, triples: 0, seen: { "body/id value format": 4_000 }, part: { places } };
  const { verdict, findings } = judge({
    facts: factsOf({ [GET]: planted }, { control: "none" }),
    accounting: accounted(),
    settings: DEFAULTS,
    attempts: 1,
  });
  expect(findings).toMatchObject([{ confirmed: false, note: "looks like a random id, new with every answer" }]);
  expect(verdict.verdict).toBe("SAFE");
  expect(verdict.reasons.join("\n")).toContain("Not counted: GET /orders/{id} body/id looks like a random id");
});

test("a value of the instance, another in each lane, is not masked but named", () => {
  const constant = { primary: "aa", candidate: "bb" };
  const judged = (requests: readonly string[]) => {
    const examples = requests.map((request) => ({ pair: "p", at: 1, request, primary: "a", candidate: "b" }));
    const places = {
      p: { place: "header/x-host", kind: "header" as const, firstAt: 1, lastAt: 1, constant, examples },
    };
    return on({ pairs: 4_000, seen: { "header/x-host header all": 4_000 }, part: { places } });
  };
  const verdict = judged(["GET /orders/1", "GET /orders/2"]);
  expect(verdict).toMatchObject({ verdict: "SAFE", maskedShare: 0 });
  expect(verdict.reasons.join("\n")).toContain("header/x-host: one value for each instance");
  expect(judged(["GET /orders/1", "GET /orders/1"]).verdict).toBe("INVALID");
});

test("attempts are told, for each has its own chance to be wrong", () => {
  const { verdict } = judge({ facts: factsOf({}), accounting: accounted(), settings: DEFAULTS, attempts: 4 });
  expect(verdict.attempts).toBe(4);
  expect(verdict.forecastSeconds).toBeNull();
  expect(verdict.reasons.join("\n")).toContain("This is attempt 4");
});
