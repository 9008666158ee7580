import { failureText } from "../../cli/failure.ts";
import { readYamlFile } from "../../cli/yaml-file.ts";
import { RulesFile } from "../../core/diff/rules.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { BaselineFile, OverlayFile } from "../../core/sampling/environment.ts";
import { BASELINE_YAML, OVERLAY_YAML } from "./cli-under-test.ts";

const SCHEMAS = { baseline: BaselineFile, overlay: OverlayFile, rules: RulesFile };

const saidOf = (schema: keyof typeof SCHEMAS, text: string): string[] => {
  try {
    readYamlFile({ readFile: () => text }, "f.yaml", SCHEMAS[schema]);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ShadowgraphError);
    return failureText(error, false)
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
};

const overlay = (lines: string) => `${OVERLAY_YAML}${lines}`;
const service = (lines: string) => `name: a\nservices:\n  web:\n    url: http://a\n${lines}`;

const FAULTY: [title: string, schema: keyof typeof SCHEMAS, text: string, said: (string | RegExp)[]][] = [
  ["an empty file", "baseline", "", [/^f\.yaml:1: the file: must be a map of keys and values; got nothing$/]],
  ["a list", "baseline", "- a\n", ["f.yaml:1: the file: must be a map of keys and values; got a list"]],
  [
    "a missing field",
    "baseline",
    "services:\n  web: {url: 'http://a'}\n",
    ["f.yaml:1: name: is missing; must be text"],
  ],
  [
    "a missing field below",
    "overlay",
    "name: a\nservices:\n  web:\n    host: keep\n",
    ["f.yaml:3: services.web.url: is missing; must be the address of a service that runs, unless image is given"],
  ],
  [
    "a number for text",
    "baseline",
    BASELINE_YAML.replace("1.0.0", "1.5"),
    ["f.yaml:2: version: must be text; got 1.5"],
  ],
  [
    "a bad name",
    "baseline",
    BASELINE_YAML.replace("shop", "Shop"),
    ['f.yaml:1: name: must be 1-40 of a-z, 0-9 and -, begin with a letter, not end with -; got "Shop"'],
  ],
  [
    "a bad name of a service",
    "baseline",
    "name: a\nservices:\n  Web:\n    url: http://a\n",
    [/^f\.yaml:3: services\.Web: as a name must be 1-40.*; got "Web"$/],
  ],
  [
    "no services",
    "baseline",
    "name: a\nservices: {}\n",
    ["f.yaml:2: services: must name at least one service; got a map"],
  ],
  [
    "a URL without a scheme",
    "overlay",
    service("").replace("http://a", "localhost:1"),
    [/^f\.yaml:4: services\.web\.url: must begin with http:\/\/ or https:\/\/; got "localhost:1"$/],
  ],
  [
    "a URL with credentials",
    "overlay",
    service("").replace("http://a", "http://u:p@a"),
    [/^f\.yaml:4: services\.web\.url: must not hold credentials/],
  ],
  [
    "a misspelt key",
    "overlay",
    overlay("smapling:\n  percent: 5\n"),
    [
      /^f\.yaml:6: smapling: is not known here; did you mean "sampling"\?; allowed: name, version, services, .*accepted, sampling, .*$/,
    ],
  ],
  [
    "a misspelt key below",
    "overlay",
    service("    hots: keep\n"),
    [
      'f.yaml:5: services.web.hots: is not known here; did you mean "host"?; allowed: url, image, command, environment, cpu, memoryMiB, desiredCount, allowSecurityGroups, host, setHeaders, removeHeaders, secondary, probe',
    ],
  ],
  [
    "an unknown key that is like none",
    "rules",
    "rules:\n  - ignore: a\n    whatever: 1\n",
    [
      "f.yaml:3: rules.0.whatever: is not known here; allowed: endpoint, ignore, tolerance, absolute, relative, ulp, orderFree, keyedBy, key, format, is, withinMs, similar, atLeast, set, because",
    ],
  ],
  [
    "a value that is none of those allowed",
    "overlay",
    overlay("sideEffects: some\n"),
    ['f.yaml:6: sideEffects: must be one of none, suppressed, isolated, stubbed; got "some"'],
  ],
  [
    "a percent over 100",
    "overlay",
    overlay("sampling:\n  percent: 250\n"),
    ["f.yaml:7: sampling.percent: must be at most 100; got 250"],
  ],
  [
    "a percent that is too fine",
    "overlay",
    overlay("sampling:\n  percent: 0.001\n"),
    ["f.yaml:7: sampling.percent: must be in steps of 0.01; got 0.001"],
  ],
  [
    "text for a number",
    "overlay",
    overlay("sampling:\n  percent: lots\n"),
    ['f.yaml:7: sampling.percent: must be a number; got "lots"'],
  ],
  [
    "a bad word for the secondary",
    "overlay",
    service("    secondary: base\n"),
    [
      'f.yaml:5: services.web.secondary: must be one of baseline, none, control, or a map of keys and values; got "base"',
    ],
  ],
  [
    "a fault inside the secondary",
    "overlay",
    service("    secondary:\n      url: x\n"),
    [/^f\.yaml:6: services\.web\.secondary\.url: must be an absolute URL/],
  ],
  [
    "a misspelt key inside the secondary",
    "overlay",
    service("    secondary:\n      url: http://b\n      hots: keep\n"),
    [/^f\.yaml:7: services\.web\.secondary\.hots: is not known here; did you mean "host"/],
  ],
  [
    "a bad sampling key",
    "overlay",
    overlay("sampling:\n  key: user\n"),
    [
      'f.yaml:7: sampling.key: must be request, or trace, or a map of keys and values, or a map of keys and values; got "user"',
    ],
  ],
  [
    "a path without a slash",
    "overlay",
    overlay("sampling:\n  match:\n    excludePaths:\n      - /a\n      - b\n"),
    [/^f\.yaml:10: sampling\.match\.excludePaths\.1: must be text that starts with \/; got "b"$/],
  ],
  [
    "many faults, told together in their order",
    "overlay",
    "nam: a\nservices:\n  web:\n    url: x\nsideEffects: no\n",
    [
      /^f\.yaml:1: name: is missing/,
      /^f\.yaml:1: nam: .*did you mean "name"/,
      /^f\.yaml:4: services\.web\.url/,
      /^f\.yaml:5: sideEffects/,
    ],
  ],
  ["a key given twice", "baseline", `${BASELINE_YAML}name: again\n`, [/^f\.yaml:6: YAML: Map keys must be unique/]],
  ["text that is no YAML", "baseline", "name: [a\nversion: 1\n", [/^f\.yaml:\d: YAML: /]],
  ["two documents", "baseline", `${BASELINE_YAML}---\nname: b\n`, [/^f\.yaml:6: YAML: .*multiple documents/]],
  [
    "an anchor that is not there",
    "baseline",
    "name: *a\nservices: {}\n",
    [/YAML: .*cannot be resolved|YAML: .*alias/i],
  ],
  [
    "a rule without a place",
    "rules",
    "rules:\n  - endpoint: GET /\n",
    [/f.yaml:2: rules.0: says nothing: must have one of "ignore", "tolerance"/],
  ],
];

test.each(FAULTY)("%s is told with its line", (_title, ...row) => {
  const [schema, text, said] = row;
  expect(saidOf(schema, text)).toEqual(said.map((one) => (typeof one === "string" ? one : expect.stringMatching(one))));
});

test("anchors that multiply are refused at once", () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i}]`,
  );
  const [said] = saidOf("baseline", `a0: &a0 x\n${levels.join("\n")}\n`);
  expect(said).toMatch(/anchors \(&\) or aliases \(\*\)/);
});

test("a file that is too large is refused", () => {
  expect(() => readYamlFile({ readFile: () => `# ${"x".repeat(1_048_577)}` }, "f.yaml", RulesFile)).toThrow(
    /over 1048576/,
  );
});

test("an anchor used sensibly is fine, and what is left out has its default", () => {
  const text = "name: a\nservices:\n  one: &it\n    url: http://a\n  two: *it\n";
  const file = readYamlFile({ readFile: () => text }, "f.yaml", OverlayFile);
  expect(file.services.two).toMatchObject({ url: "http://a", host: "rewrite", secondary: "baseline" });
  expect(file.sampling.percent).toBe(100);
});
