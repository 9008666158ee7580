import type { Shared } from "./system.ts";

/** What the page does while things go wrong. */
export const staleness = (shared: () => Shared): void => {
  test("where the API does not answer, the page says so, keeps what it had, and goes on once it does", async () => {
    const { page } = await shared().open("#/env/local", { width: 380, scheme: "light" });
    await page.getByRole("heading", { name: "REGRESSION" }).waitFor();
    await page.route("**/environments/**", (route) => route.abort());
    await page
      .getByRole("alert")
      .getByText(/The API does not answer. What is shown is of \d\d:\d\d:\d\dZ/)
      .waitFor();
    expect(await page.getByRole("heading", { name: "REGRESSION" }).isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
    await page.unroute("**/environments/**");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.getByText("live", { exact: true }).waitFor();
  });

  test("what changes is told to those who cannot see it, once", async () => {
    const { page } = await shared().open("#/env/local");
    await page.getByRole("heading", { name: "REGRESSION" }).waitFor();
    await page.route("**/environments/*/verdict", async (route) => {
      const verdict = await shared().get<object>("/environments/local/verdict");
      return route.fulfill({ json: { ...verdict, verdict: "SAFE", reason: "few enough" } });
    });
    await page.getByRole("heading", { name: "SAFE" }).waitFor();
    await page.locator("#announcer", { hasText: "The verdict is SAFE: few enough" }).waitFor({ state: "attached" });
  });

  test("an environment that is not there, an address that is none, and an empty list are pages of their own", async () => {
    const { page } = await shared().open("#/env/nobody");
    await page.getByText("Not found").waitFor();
    await page.goto(`${shared().url}/#/nowhere/at/all`);
    await page.getByText("There is no such page").waitFor();
    await page.route("**/environments", (route) => route.fulfill({ json: { environments: [] } }));
    await page.goto(`${shared().url}/#/`);
    await page.getByText("No environments yet").waitFor();
  });

  test("a configuration that is none is told by its field", async () => {
    const { page } = await shared().open("#/");
    await page.route("**/config.json", (route) => route.fulfill({ json: { api: "ftp://x" } }));
    await page.reload();
    await page.getByRole("alert").getByText('api must be an https URL; got "ftp://x"').waitFor();
  });
};
