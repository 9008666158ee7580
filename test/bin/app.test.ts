import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("../../bin/app.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "shadowgraph-app-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (context: object) =>
  spawnSync(process.execPath, [app], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: join(folder, "cdk.out") },
  });

test("faults of the file are told as the CLI tells them, all of them, and nothing is made", () => {
  writeFileSync(join(folder, "mine.yaml"), "baselines:\n  shop:\n    preset: huge\n    sevices: {}\n");
  const { status, stderr } = run({ config: "mine.yaml" });
  expect(status).toBe(2);
  expect(stderr).toBe(
    [
      "error: mine.yaml has 2 faults",
      '  mine.yaml:3: baselines.shop.preset: must be one of small, medium, large; got "huge"',
      '  mine.yaml:4: baselines.shop.sevices: is not known here; did you mean "services"?; allowed: preset, network, services, overlays, removal, archiveDays, factsDays, diffConcurrency, factShards, verdict, api, alarms, eventBus, emails',
      "",
    ].join("\n"),
  );
});

test("a file that is named must be there", () => {
  const { status, stderr } = run({ config: "other.yaml" });
  expect([status, stderr]).toEqual([2, "error: cannot read other.yaml: there is no such file\n"]);
});
