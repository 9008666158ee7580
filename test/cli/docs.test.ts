import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationReference } from "../../cli/configuration.ts";
import { readYamlFile } from "../../cli/yaml-file.ts";
import { RulesFile } from "../../core/diff/rules.ts";
import { BaselineFile, OverlayFile } from "../../core/sampling/environment.ts";
import { cliUnderTest } from "./cli-under-test.ts";

const fileAt = (path: string) => readFileSync(join(__dirname, "../..", path), "utf8");
const io = { readFile: fileAt };

test("docs/configuration.md is up to date: `node cli/write-configuration.ts` writes it", () => {
  expect(fileAt("docs/configuration.md")).toBe(configurationReference());
});

test("the example files are valid and are taken by the commands in turn", async () => {
  const cli = cliUnderTest();
  for (const name of ["baseline", "overlay", "rules"]) cli.files[`${name}.yaml`] = fileAt(`examples/${name}.yaml`);
  expect(await cli.run("baseline create --file baseline.yaml")).toMatchObject({ exit: 0, err: "" });
  expect(await cli.run("overlay create --baseline shop --file overlay.yaml")).toMatchObject({ exit: 0, err: "" });
  expect(await cli.run("rules set pr-7 --file rules.yaml")).toMatchObject({ exit: 0, err: "" });
});

test("the example files show every field", () => {
  const { services, ...overlay } = readYamlFile(io, "examples/overlay.yaml", OverlayFile);
  expect(Object.keys(overlay).sort()).toEqual(
    Object.keys(OverlayFile.shape)
      .filter((key) => key !== "services")
      .sort(),
  );
  expect(Object.values(services)[0]).toMatchObject({ secondary: { url: expect.any(String) } });
  expect(readYamlFile(io, "examples/baseline.yaml", BaselineFile).version).not.toBe("unversioned");
  expect(readYamlFile(io, "examples/rules.yaml", RulesFile).rules).toHaveLength(3);
});

/** The lines of the list of commands in docs/cli.md: the words of each and its flags. */
const documented = fileAt("docs/cli.md")
  .split("## Commands")[1]!
  .split("\n- ")[0]!
  .split("\n")
  .flatMap((line) => {
    const [, words] = /^ {4}shadowgraph ([a-z ]+)/.exec(line) ?? [];
    return words === undefined ? [] : [[words.trim(), [...line.matchAll(/--[a-z-]+/g)].map(([flag]) => flag)] as const];
  });

test("every command of docs/cli.md is there, with the flags it is said to have", async () => {
  expect(documented.length).toBeGreaterThan(15);
  for (const [words, flags] of documented) {
    const { exit, out } = await cliUnderTest().run(`${words} --help`);
    expect([words, exit, out]).toEqual([words, 0, expect.stringContaining(`Usage: shadowgraph ${words}`)]);
    for (const flag of flags) expect([words, out]).toEqual([words, expect.stringContaining(flag)]);
  }
});
