import { faultsOf } from "./expect.ts";
import knownGaps from "./known-gaps.json" with { type: "json" };
import { judgeScenario } from "./run.ts";
import { FAMILIES, readScenarios, type Scenario } from "./scenario.ts";

// What the engine cannot do yet, by name, each with its reason. A gap that is closed must be taken off the list.
const gaps: Readonly<Record<string, string>> = knownGaps;
const scenarios = readScenarios();
const idOf = ({ family, name }: Scenario): string => `${family}: ${name}`;

describe.each(FAMILIES)("%s", (family) => {
  const its = scenarios.filter((scenario) => scenario.family === family);
  const [open, kept] = [its.filter((it) => idOf(it) in gaps), its.filter((it) => !(idOf(it) in gaps))];

  test.each(kept.map((it) => [it.name, it] as const))("%s", (_name, scenario) => {
    expect(faultsOf(scenario, judgeScenario(scenario))).toEqual([]);
  });

  for (const scenario of open)
    test(`known gap: ${scenario.name}`, () => {
      expect(faultsOf(scenario, judgeScenario(scenario))).not.toEqual([]);
    });
});

test("names are unique, and every known gap is a scenario", () => {
  const ids = scenarios.map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(gaps).filter((id) => !ids.includes(id))).toEqual([]);
});
