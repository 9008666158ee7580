import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { differencesOf } from "../../lib/compare-presets.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "shadowgraph-presets-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Without the credentials and the region that the machine may have.
const env = { PATH: process.env.PATH, NO_COLOR: "1" };
const presets = (...args: string[]): string =>
  execFileSync(process.execPath, ["bin/presets.ts", ...args], { cwd: root, env, encoding: "utf8" });
const refused = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, ["bin/presets.ts", ...args], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  return [status, stderr];
};

test("docs/deploy.md shows what `npm run presets` prints: put it there anew", () => {
  const [, shown] = /```sh\nnpm run presets\n```\n\n```\n([\s\S]*?)```/.exec(
    readFileSync(`${root}docs/deploy.md`, "utf8"),
  )!;
  expect(shown).toBe(presets());
});

test("a baseline of one's own: what it sets beside its preset is the same under all, whatever that is", () => {
  const file = join(folder, "mine.yaml");
  writeFileSync(
    file,
    "baselines:\n  idle: {}\n  main: { preset: large, archiveDays: 60, factsDays: 9, factShards: 8 }\n",
  );
  const { baseline, resources, differences } = JSON.parse(presets("--config", file, "--baseline", "main", "--json"));
  expect(baseline).toBe("main");
  expect(new Set(Object.values(resources)).size).toBe(1);
  expect(differences).toEqual([
    {
      times: 1,
      type: "AWS::ApiGatewayV2::Stage",
      property: "DefaultRouteSettings.ThrottlingBurstLimit",
      values: { small: 40, medium: 100, large: 400 },
    },
    expect.objectContaining({ property: "DefaultRouteSettings.ThrottlingRateLimit" }),
    expect.objectContaining({ property: "ScalingConfig.MaximumConcurrency" }),
  ]);
});

test("what cannot be compared is refused with what is allowed", () => {
  expect(refused("--baseline", "web")).toEqual([2, 'error: --baseline must be one of shop; got "web"\n']);
  expect(refused("--config", "none.yaml")).toEqual([2, "error: cannot read none.yaml: there is no such file\n"]);
  const [status, stderr] = refused("--presets");
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: .*--presets.*; --help lists what there is\n$/)]);
});

test("resources that not all presets have are differences too, entries of lists are known by their names", () => {
  const task = (value: string) => ({
    Type: "T",
    Properties: {
      Env: [
        { Name: "A", Value: "1" },
        { Name: "B", Value: value },
      ],
    },
  });
  const templates = { small: { a: task("1") }, medium: { a: task("1") }, large: { a: task("2"), b: task("1") } };
  const absent = undefined;
  expect(differencesOf(templates)).toEqual([
    { times: 1, type: "T", property: "Env[A].Name", values: { small: absent, medium: absent, large: "A" } },
    { times: 1, type: "T", property: "Env[A].Value", values: { small: absent, medium: absent, large: "1" } },
    { times: 1, type: "T", property: "Env[B].Name", values: { small: absent, medium: absent, large: "B" } },
    { times: 1, type: "T", property: "Env[B].Value", values: { small: "1", medium: "1", large: "2" } },
    { times: 1, type: "T", property: "Env[B].Value", values: { small: absent, medium: absent, large: "1" } },
  ]);
});
