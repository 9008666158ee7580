import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("../../examples/writes/run.ts", import.meta.url));

test("of 2 000 mirrored orders no row is left at the baseline, under each protection; of an overlay that only says so, its canary", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "--orders", "2000"], { timeout: 580_000 });
  const lines = stdout.split("\n").filter((line) => !line.startsWith("  "));
  expect(lines).toEqual([
    "2000 orders of callers are in the baseline's database",
    "suppressed: declared suppressed, mirrored, 2000 mirrored, 0 rows left there",
    "isolated: declared isolated, mirrored, 2000 mirrored, 0 rows left there",
    "stubbed: declared stubbed, mirrored, 2000 mirrored, 0 rows left there",
    "careless: declared suppressed, failed, 0 mirrored, 1 rows left there",
    "2001 rows in the isolated overlay's own database, its canary among them",
    "",
  ]);
}, 600_000);
