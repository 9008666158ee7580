import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bench/run.ts", import.meta.url));
const bench = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: "utf8", timeout: 60_000 });

test("the bench of the tee runs small, and every request that it mirrors is counted as compared", () => {
  const { status, stdout, stderr } = bench("tee", "--runs", "1", "--requests", "200", "--settle-ms", "200");
  expect([status, stderr]).toEqual([0, ""]);
  const hasNginx = spawnSync("nginx", ["-v"]).error === undefined;
  if (hasNginx) expect(stdout).toMatch(/^nginx, mirror module .* 100\.0 %$/m);
  else expect(stdout).toContain("nginx, mirror module: skipped: nginx is not installed");
  expect(stdout).toMatch(/^shadowgraph tee .* 100\.0 %$/m);
  const [, sampled, compared] = /its own accounting: sampled (\d+), compared (\d+)$/m.exec(stdout) ?? [];
  expect(Number(sampled)).toBeGreaterThanOrEqual(400);
  expect(compared).toBe(sampled);
}, 90_000);

test("a bench that does not exist is a usage error", () => {
  const { status, stderr } = bench("nothing");
  expect([status, stderr.startsWith("usage: bench [tee|isolation]")]).toEqual([2, true]);
});
