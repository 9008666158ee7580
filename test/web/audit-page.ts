import type { Shared } from "./system.ts";

export const auditPage = (shared: () => Shared): void => {
  const place = "#/env/second/audit";

  test("who changed what, the latest first, with what was before and after", async () => {
    const { page, troubles } = await shared().open(place);
    const entries = page.locator(".entry");
    await entries.nth(3).waitFor();
    expect(await Promise.all([0, 1, 2, 3].map((i) => entries.nth(i).getAttribute("data-what")))).toEqual([
      "environment.shadow",
      "environment.rules",
      "environment.shadow",
      "overlay.create",
    ]);
    const [newRun, rules, percent] = await Promise.all([0, 1, 2].map((i) => entries.nth(i).textContent()));
    expect(newRun).toMatch(/switched mirroring.*run\.attempt 1 → 2/);
    expect(rules).toMatch(/^local:\S+ set rules.*rules\.0\.ignore nothing → body\/price/);
    expect(percent).toContain("percent 100 → 5");
    await entries.nth(1).getByText("Before and after").click();
    await entries.nth(1).getByText('"because": "<b>money</b> as text"').waitFor();
    expect(troubles).toEqual([]);
  });

  test("how many are shown is in the address", async () => {
    const { page } = await shared().open(`${place}?show=2`);
    await page.getByRole("button", { name: "Show more of 4" }).waitFor();
    expect(await page.locator(".entry").count()).toBe(2);
    await page.getByRole("button", { name: "Show more of 4" }).click();
    await page.locator(".entry").nth(3).waitFor();
    expect(page.url()).toContain("show=52");
  });

  test("nothing that was changed is said to be so", async () => {
    const { page } = await shared().open("#/words");
    await page.route("**/environments/second/audit?*", (route) => route.fulfill({ json: { entries: [], total: 0 } }));
    await page.goto(`${shared().url}/${place}`);
    await page.getByText("Nothing was changed yet").waitFor();
  });

  test("nobody is kept out of it, in light, in dark, on a small screen", async () => {
    expect(await shared().inspect(place, "audit", ".entry")).toEqual([]);
  }, 60_000);
};
