import { readdirSync } from "node:fs";
import { join } from "node:path";
import knownGaps from "./known-gaps.json" with { type: "json" };
import { MUTATIONS, type Mutation, NOT_IN_SCENARIOS, PARTS } from "./mutations.ts";
import { readScenarios, type Scenario } from "./scenario.ts";

// Each module that a verdict rests on is broken in turn: at least one scenario must notice.
const root = join(import.meta.dirname, "..", "..");
const scenarios = new Map(readScenarios().map((it) => [`${it.family}: ${it.name}`, it]));

const faultsWith = ({ of, put }: Mutation, scenario: Scenario): readonly string[] => {
  const path = join(root, of);
  let faults: readonly string[] = [];
  try {
    jest.isolateModules(() => {
      const actual = jest.requireActual<object>(path);
      const replaced = put(actual);
      jest.doMock(path, () => ({ ...actual, ...replaced }));
      const { judgeScenario } = require("./run.ts") as typeof import("./run.ts");
      const { faultsOf } = require("./expect.ts") as typeof import("./expect.ts");
      faults = faultsOf(scenario, judgeScenario(scenario));
    });
  } finally {
    jest.dontMock(path);
  }
  return faults;
};

test.each(MUTATIONS.map((it) => [it.of, it.does, it] as const))("%s: %s", (_of, _does, mutation) => {
  expect(Object.keys(knownGaps)).not.toContain(mutation.seenBy);
  expect(faultsWith(mutation, scenarios.get(mutation.seenBy)!)).not.toEqual([]);
});

test("every module that compares is mutated", () => {
  const mutated = new Set(MUTATIONS.map(({ of }) => of));
  const modules = readdirSync(join(root, "core/diff")).map((name) => `core/diff/${name}`);
  const isMutated = (path: string) => mutated.has(path) || PARTS.has(path) || NOT_IN_SCENARIOS.has(path);
  expect(modules.filter((path) => !isMutated(path))).toEqual([]);
});

test("what is not mutated is not noticed", () => {
  const none: Mutation = { of: "core/diff/headers.ts", does: "nothing", seenBy: "", put: () => ({}) };
  expect(faultsWith(none, scenarios.get("body: a field is added")!)).toEqual([]);
});
