import fc from "fast-check";
import type { EndpointFacts, Facts, Odd } from "../../../core/noise/facts.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, endpointOf, factsOf, marksOf } from "./planted.ts";

const mark = fc
  .tuple(
    fc.constantFrom("body/a", "body/b", "body/c"),
    fc.constantFrom("value", "removed", "added"),
    fc.constantFrom<Odd[]>("candidate", "candidate", "secondary", "primary", "all", "format", "unknown"),
  )
  .map((parts) => parts.join(" "));
const signature = fc.uniqueArray(mark, { minLength: 1, maxLength: 3, selector: (it) => it.split(" ")[0] });
const seen = fc.dictionary(
  signature.map((marks) => marks.join(", ")),
  fc.integer({ min: 1, max: 40 }),
  { maxKeys: 5, noNullPrototype: true },
);
const planted = fc
  .tuple(seen, fc.integer({ min: 0, max: 200_000 }))
  .map(([its, equal]) => ({ pairs: Object.values(its).reduce((sum, n) => sum + n, equal), seen: its }));
const endpoints = fc.dictionary(fc.constantFrom("GET /a", "GET /b", "PUT /c"), planted, { noNullPrototype: true });
const facts = fc
  .tuple(endpoints, fc.constantFrom<Facts["control"][]>("control", "baseline", "none", "mixed"))
  .map(([its, control]) => factsOf(its, { control }));

const judged = (its: Facts) => judge({ facts: its, accounting: accounted(), settings: DEFAULTS, attempts: 1 });

/** The endpoint with `n` more triples that show these marks. */
const withMore = (its: EndpointFacts, text: string, n: number): EndpointFacts => {
  const before = its.signatures[text] ?? { marks: marksOf(text), n: 0, places: 0 };
  const signatures = { ...its.signatures, [text]: { ...before, n: before.n + n, places: before.places + 10 * n } };
  const places = { ...endpointOf({ pairs: 0, seen: { [text]: 1 } }).places, ...its.places };
  return { ...its, pairs: its.pairs + n, triples: its.triples + n, signatures, places };
};

test("more noise never makes a REGRESSION of what was none", () => {
  const noise = fc.tuple(
    fc.constantFrom("GET /a", "GET /b", "PUT /c"),
    fc.constantFrom("body/a value", "body/b removed", "body/c added"),
    fc.constantFrom("secondary", "all", "primary", "format"),
    fc.integer({ min: 1, max: 2_000 }),
  );
  fc.assert(
    fc.property(facts, noise, (before, [endpoint, place, odd, n]) => {
      const its = before.endpoints[endpoint];
      const first = judged(before);
      fc.pre(its !== undefined && first.verdict.verdict !== "REGRESSION");
      // A control that is unstable hides nothing: only REGRESSION is in question here.
      const after = { ...before, endpoints: { ...before.endpoints, [endpoint]: withMore(its!, `${place} ${odd}`, n) } };
      const judgement = judged(after);
      const confirmedBefore = new Set(first.findings.filter((it) => it.confirmed).map((it) => it.id));
      expect(judgement.findings.filter((it) => it.confirmed && !confirmedBefore.has(it.id))).toEqual([]);
      // What was INVALID for a share of its pairs may be so no longer once there are more of them: then what was confirmed all along shows.
      if (first.verdict.verdict !== "INVALID") expect(judgement.verdict.verdict).not.toBe("REGRESSION");
    }),
    { numRuns: 150 },
  );
});

const reversed = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).reverse());

test("the order of endpoints, signatures, marks and places changes nothing", () => {
  fc.assert(
    fc.property(facts, (its) => {
      const turned: Facts = {
        ...its,
        endpoints: Object.fromEntries(
          Object.entries(reversed(its.endpoints)).map(([name, endpoint]) => {
            const signatures = Object.entries(reversed(endpoint.signatures)).map(
              ([key, it]) => [key, { ...it, marks: [...it.marks].reverse() }] as const,
            );
            const same = { signatures: Object.fromEntries(signatures), places: reversed(endpoint.places) };
            return [name, { ...endpoint, ...same }];
          }),
        ),
      };
      expect(judged(turned)).toEqual(judged(its));
    }),
    { numRuns: 100 },
  );
});

test("every judgement is whole: shares are shares, numbers are numbers, SAFE needs nothing more", () => {
  fc.assert(
    fc.property(facts, (its) => {
      const { verdict, findings } = judged(its);
      expect(verdict.diverging).toBeLessThanOrEqual(verdict.pairs);
      for (const share of [verdict.divergingBound, verdict.maskedShare, verdict.dropShare]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(verdict.reasons[0]).toBe(verdict.reason);
      if (verdict.verdict === "SAFE") expect(verdict.needed).toBe(0);
      if (verdict.verdict === "UNDECIDED" && verdict.needed !== null) expect(verdict.needed).toBeGreaterThan(0);
      expect(findings.every(({ evidence }) => Number.isFinite(evidence))).toBe(true);
      expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
    }),
    { numRuns: 100 },
  );
});
