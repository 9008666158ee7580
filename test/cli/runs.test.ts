import { paintOf } from "../../cli/render/paint.ts";
import { comparedText } from "../../cli/render/runs.ts";
import { cliWithOverlay } from "./cli-under-test.ts";

test("the runs of an overlay, the present one first, with what to ask next", async () => {
  const cli = await cliWithOverlay();
  expect((await cli.run("env runs checkout")).out).not.toContain("Next");
  await cli.run("env shadow checkout --enable --new-run");
  const { out, exit } = await cli.run("env runs checkout");
  expect(exit).toBe(0);
  expect(out).toMatch(/^attempt +run +since +versions/);
  expect(out).toMatch(/2 \(now\) +run-\d+ .*2\.0\.0 against 1\.0\.0/);
  expect(out).toContain("env runs checkout --compare 1");
});

test("two runs: what appeared, vanished, stayed", () => {
  const run = { id: "run-1", attempt: 1, startedAt: 1_700_000_000_000, baselineVersion: "1", candidateVersion: "2" };
  const finding = { id: "f-1", endpoint: "GET /a", place: "body/a", kind: "value" as const };
  const seen = { count: 10, pairs: 40, confirmed: true };
  const text = comparedText(
    {
      env: "ov-1",
      a: { ...run, pairs: 40, diverging: 10, isPart: false },
      b: { ...run, id: "run-2", attempt: 2, pairs: 80, diverging: 0, isPart: false },
      caution: "attempt 2 has no pairs",
      appeared: [],
      vanished: [{ ...finding, a: seen, pairsInB: 80 }],
      stayed: [],
      totals: { appeared: 0, vanished: 1, stayed: 0 },
    },
    paintOf({ isTerminal: false, env: {} }),
  );
  expect(text).toContain("appeared: none\n");
  expect(text).toMatch(
    /vanished: 1\n.*attempt 1 +pairs in 2 +finding\nGET \/a +body\/a +value +10\/40 \(25 %\) +80 +f-1/,
  );
  expect(text).toContain("attempt 2 has no pairs");
});

test.each([
  ["--compare 9", 2, /a: must be an attempt or a run of this overlay: 1 \(run-\d+\); got "9"/],
  ["--with 1", 2, /--with needs --compare/],
])("env runs checkout %s ends with %d", async (flags, exit, message) => {
  const cli = await cliWithOverlay();
  expect(await cli.run(`env runs checkout ${flags}`)).toMatchObject({ exit, err: expect.stringMatching(message) });
});
