import type { Runs, RunsCompared } from "../../web/api-shapes.js";
import { seriousFaults } from "./browser.ts";
import type { Shared } from "./system.ts";

const run = (attempt: number) => ({
  id: `run-${attempt}`,
  attempt,
  startedAt: 1_795_000_000_000 + attempt * 3_600_000,
  baselineVersion: "1.4.0",
  candidateVersion: `1.5.0-rc.${attempt}`,
});
const finding = (place: string) => ({ id: `f-${place}`, endpoint: "GET /orders/{id}", place, kind: "value" as const });
const seen = (count: number) => ({ count, pairs: 400, confirmed: count > 20 });

const COMPARED: RunsCompared = {
  env: "second",
  a: { ...run(1), pairs: 400, diverging: 260, isPart: false },
  b: { ...run(2), pairs: 400, diverging: 120, isPart: false },
  caution: "the two were compared by other rules, or by another version of Shadowgraph",
  appeared: [{ ...finding("body/<img src=x onerror=alert(1)>"), b: seen(40) }],
  vanished: [{ ...finding("body/total"), a: seen(220), pairsInB: 400 }],
  stayed: [{ ...finding("body/note"), a: seen(40), b: seen(80) }],
  totals: { appeared: 1, vanished: 1, stayed: 1 },
};

const evidence = {
  verdict: "SAFE",
  reason: "0 of 4 000 pairs diverge",
  pairs: 4_000,
  needed: 0,
  attempts: 1,
  tolerance: 0.001,
} as const;
const RUNS: Runs = {
  runs: [
    {
      ...run(2),
      current: true,
      verdicts: [
        { at: 1_795_007_300_000, verdict: "UNDECIDED", reason: "3 000 more pairs are needed", pairs: 700 },
        { at: 1_795_007_900_000, verdict: "REGRESSION", reason: "GET /orders/{id} body/note differs", pairs: 900 },
      ],
      release: null,
    },
    {
      ...run(1),
      current: false,
      verdicts: [{ at: 1_795_003_700_000, verdict: "SAFE", reason: evidence.reason, pairs: 4_000 }],
      release: {
        id: "release-1",
        env: "ov",
        name: "second",
        outcome: "released",
        version: "1.5.0-rc.1",
        who: "ana@example.com",
        at: 1_795_004_000_000,
        evidence: { run: run(1), ...evidence },
        because: null,
        services: [],
      },
    },
  ],
};

export const runsPage = (shared: () => Shared): void => {
  const place = "#/env/second/runs";
  const open = async (look?: Parameters<Shared["open"]>[1]) => {
    const watched = await shared().open("#/words", look);
    await watched.page.route("**/environments/second/runs", (route) => route.fulfill({ json: RUNS }));
    await watched.page.route("**/environments/second/runs/compare?*", (route) => route.fulfill({ json: COMPARED }));
    await watched.page.goto(`${shared().url}/${place}`);
    return watched;
  };

  test("the runs of the API stand there, the present one first, with what they were judged", async () => {
    const { page, troubles } = await shared().open("#/env/local/runs");
    const row = page.locator('[data-run="1"]');
    await row.getByText("present").waitFor();
    expect(await row.textContent()).toContain("1.5.0-rc.1 against 1.4.0");
    await row.getByText("REGRESSION").first().waitFor();
    await page.getByText("There is one run so far").waitFor();
    expect(troubles).toEqual([]);
  });

  test("two real runs are set against each other; without pairs that is pointed out", async () => {
    const { page } = await shared().open(place);
    await page.locator('[data-run="2"]').waitFor();
    await page.getByText("attempt 1 has no pairs").waitFor();
  });

  test("what appeared, vanished and stayed, and what was released on which evidence", async () => {
    const { page, troubles } = await open();
    const list = (name: string) => page.getByRole("region", { name });
    await list("Appeared").getByText("body/<img src=x onerror=alert(1)>").waitFor();
    expect(await list("Vanished").textContent()).toContain("55 % before; 400 pairs of this endpoint since");
    expect(await list("Stayed").textContent()).toContain("10 % → 20 %");
    expect(await page.locator(".evidence").textContent()).toContain("released by ana@example.com");
    expect(await page.locator(".evidence").textContent()).toContain("4 000 pairs: 0 of 4 000 pairs diverge");
    await page.getByText("2 verdicts one after the other").click();
    await page.getByText("3 000 more pairs are needed").waitFor();
    expect(troubles).toEqual([]);
  });

  test("which two are compared is in the address, and asked of the API", async () => {
    const { page } = await open();
    const asked = page.waitForRequest((request) => request.url().endsWith("/runs/compare?a=2&b=2"));
    await page.getByRole("combobox", { name: "from" }).selectOption("2");
    await asked;
    expect(page.url()).toContain("a=2");
  });

  test.each([
    [1440, "light"],
    [380, "dark"],
  ] as const)("nobody is kept out of it, and nothing hangs over the edge: %d %s", async (width, scheme) => {
    const { page } = await open({ width, scheme });
    await page.getByRole("region", { name: "Stayed" }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
};
