import fc from "fast-check";
import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, factsOf, type Planted } from "./planted.ts";

const findingsOf = (endpoints: Readonly<Record<string, Planted>>) =>
  judge({ facts: factsOf(endpoints), accounting: accounted(), settings: DEFAULTS, attempts: 1 });
/** The places of each group, the groups in their order. */
const groupsOf = (endpoints: Readonly<Record<string, Planted>>) => {
  const { findings } = findingsOf(endpoints);
  return [...Map.groupBy(findings, ({ group }) => group).values()].map((its) => its.map(({ place }) => place));
};

test("a field that is gone under ten endpoints is one cause", () => {
  const gone = { pairs: 200, seen: { "body/currency removed candidate": 150 } };
  const endpoints = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`GET /e${i}`, gone]));
  expect(groupsOf(endpoints)).toEqual([Array.from({ length: 10 }, () => "body/currency")]);
});

test("status and body of answers that became another are one cause, what comes by itself is another", () => {
  const seen = {
    "status status candidate, body/order removed candidate, body/error added candidate": 30,
    "body/total value candidate": 25,
  };
  expect(groupsOf({ "GET /a": { pairs: 900, seen } })).toEqual([
    ["status", "body/order", "body/error"],
    ["body/total"],
  ]);
});

test("what every answer shows comes together with everything: only places that belong together are one cause", () => {
  const changes = "body/user/id type candidate, body/user/name type candidate, body/total value candidate";
  const headers = "header/etag header candidate, header/server header candidate";
  const renamed = "body/state removed candidate, body/status added candidate";
  expect(groupsOf({ "GET /a": { pairs: 500, seen: { [`${changes}, ${headers}, ${renamed}`]: 500 } } })).toEqual(
    [
      ["body/state", "body/status"],
      ["body/user/id", "body/user/name"],
      ["body/total"],
      ["header/etag", "header/server"],
    ].map((group) => expect.arrayContaining(group)),
  );
});

test("grouping hides nothing, names each group by its first finding, and leaves ids as they are", () => {
  const seen = fc.dictionary(
    fc
      .uniqueArray(
        fc.constantFrom("status status", "body/a value", "body/b/c removed", "body/b/d type", "header/x header"),
        {
          minLength: 1,
        },
      )
      .map((marks) => marks.map((mark) => `${mark} candidate`).join(", ")),
    fc.integer({ min: 1, max: 60 }),
    { maxKeys: 6, noNullPrototype: true },
  );
  fc.assert(
    fc.property(seen, seen, (a, b) => {
      const { findings, verdict } = findingsOf({
        "GET /a": { pairs: 400, seen: a },
        "GET /b": { pairs: 400, seen: b },
      });
      const places = [a, b].flatMap((its, i) =>
        [...new Set(Object.keys(its).flatMap((text) => text.split(", ")))].map(
          (mark) => `${"ab"[i]} ${mark.split(" ")[0]}`,
        ),
      );
      expect(findings.map(({ endpoint, place }) => `${endpoint.slice(-1)} ${place}`).sort()).toEqual(places.sort());
      const groups = [...Map.groupBy(findings, ({ group }) => group)];
      for (const [group, [lead]] of groups) expect(lead?.id).toBe(group);
      expect(verdict.findings.groups).toBe(groups.length);
      expect(findings.map(({ group }) => group)).toEqual(groups.flatMap(([group, its]) => its.map(() => group)));
    }),
    { numRuns: 100 },
  );
});
