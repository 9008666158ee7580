import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bench/run.ts", import.meta.url));
const bench = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: "utf8", timeout: 60_000 });

const hasNginx = spawnSync("nginx", ["-v"]).error === undefined;
const small = ["--runs", "1", "--requests", "1000", "--settle-ms", "200"] as const;

test("the bench of the tee runs small, and every request that it mirrors is counted as compared", () => {
  const { status, stdout, stderr } = bench("tee", ...small);
  expect([status, stderr]).toEqual([0, "reference: starting\nreference: run 1 of 1\n"]);
  if (hasNginx) expect(stdout).toMatch(/^nginx, mirror module .* 100\.0 %$/m);
  else expect(stdout).toContain("nginx, mirror module: skipped: nginx is not installed");
  expect(stdout).toMatch(/^shadowgraph tee .* 100\.0 %$/m);
  if (hasNginx) expect(stdout).toMatch(/^shadowgraph tee: [\d.]+ × nginx mirror; budget ≤ 0\.6 ×: (met|missed)$/m);
  const [, sampled, sum, compared] =
    /its own accounting: sampled (\d+) = Σ outcomes (\d+): compared (\d+)$/m.exec(stdout) ?? [];
  expect(Number(sampled)).toBeGreaterThanOrEqual(2_000);
  expect([sum, compared]).toEqual([sampled, sampled]);
}, 90_000);

test("writes, a secondary, TLS and a connection for each request are mirrored whole in their benches", () => {
  const { status, stdout, stderr } = bench("--scenario", "posts,secondary,tls,connections", ...small);
  const rows = stdout.match(/^shadowgraph tee {2}.* 100\.0 %$/gm) ?? [];
  const accountings = stdout.match(/its own accounting: sampled (\d+) = Σ outcomes \1: compared \1$/gm) ?? [];
  const runnable = stdout.includes("skipped: openssl is not installed") ? 3 : 4;
  expect(stderr).not.toContain("bench:");
  expect([status, rows.length, accountings.length]).toEqual([0, runnable, runnable]);
}, 90_000);

test("the bench of latency says what the tee adds beside its budget and beside the noise floor", () => {
  const { status, stdout } = bench("latency", "--rate", "200", "--rounds", "1");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^p50: the tee adds [+−][\d.]+ ms; budget ≤ \+0\.15 ms: (met|missed)$/m);
  expect(stdout).toMatch(/^p99: mirror on − mirror off [+−][\d.]+ ms: (within|beyond) the noise floor$/m);
  expect(stdout).toMatch(/its own accounting: sampled (\d+) = Σ outcomes \1: compared \1$/m);
}, 90_000);

test.each([
  { args: ["nothing"], says: 'there is no bench "nothing"' },
  { args: ["--runs", "0"], says: '--runs: Too small: expected number to be >=1; got "0"' },
  { args: ["--scenario", "reference,huge"], says: "--scenario: must be all, or any of reference," },
  { args: ["soak", "--rounds", "2"], says: "Unknown option '--rounds'" },
])("bench $args is a usage error", ({ args, says }) => {
  const { status, stderr } = bench(...args);
  expect([status, stderr.startsWith(says)]).toEqual([2, true]);
  expect(stderr).toContain("usage: bench [tee|latency|soak|isolation|diff|redaction|scenarios]");
});
