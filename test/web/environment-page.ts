import { number, percent } from "../../core/report/text.ts";
import type { Shared } from "./system.ts";

/** A number as it stands on the page. */
const read = (text: string | null): number => Number((text ?? "").replaceAll(/[^\d.]/g, ""));

export const environmentPage = (shared: () => Shared): void => {
  test("the start page leads to the environment, whose verdict is the first thing to read", async () => {
    const { page, troubles } = await shared().open("#/");
    await page
      .getByRole("link", { name: /^local/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "REGRESSION" }).waitFor();
    expect(await page.title()).toBe("local – Shadowgraph");
    const { y } = (await page.getByRole("heading", { name: "REGRESSION" }).boundingBox())!;
    expect(y).toBeLessThan(300);
    expect(troubles).toEqual([]);
  });

  test("the figures are those that the sender of the traffic counted", async () => {
    const { page } = await shared().open("#/env/local");
    const { sent, diverging, noisy } = shared().tally;
    const figure = async (word: string) => (await page.locator(`[data-figure="${word}"]`).textContent()) ?? "";
    await page.locator('[data-figure="pairs"]').waitFor();
    expect(await figure("pairs")).toBe(`${number(sent)}compared, of ${number(sent)} sampled requests`);
    expect(await figure("diverging")).toBe(`${number(diverging)}pairs, ${percent(diverging / sent)} of them`);
    expect(await figure("noise")).toBe(`${number(noisy)}pairs, ${percent(noisy / sent)} of them`);
    expect(await figure("not compared")).toMatch(/^0 %/);
  });

  test("nothing jumps while the page fills, even where the verdict comes last", async () => {
    const { page } = await shared().open("#/words");
    await page.route("**/verdict", async (route) => {
      await page.getByText("status", { exact: true }).first().waitFor();
      await route.continue();
    });
    await page.goto(`${shared().url}/#/env/local`);
    await page.getByRole("heading", { name: "REGRESSION" }).waitFor();
    const shift = await page.evaluate(async () => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
      }).observe({ type: "layout-shift", buffered: true });
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      return sum;
    });
    // What Google's Core Web Vitals call good.
    expect(shift).toBeLessThan(0.1);
  });

  test("the outcomes add up to what was sampled, and nothing is lost", async () => {
    const { page } = await shared().open("#/env/local");
    const outcome = async (name: string) => read(await page.locator(`[data-outcome="${name}"]`).textContent());
    expect(await outcome("sum")).toBe(shared().tally.sent);
    expect(await outcome("compared")).toBe(shared().tally.sent);
    expect(await outcome("gap")).toBe(0);
    await page.getByText("equals sampled").waitFor();
  });

  test("each endpoint has the pairs, divergence and noise that were sent to it", async () => {
    const { page } = await shared().open("#/env/local");
    for (const [endpoint, { sent, diverging, noisy }] of shared().tally.endpoints) {
      const row = page.getByRole("row").filter({ hasText: endpoint });
      const cell = async (key: string) => (await row.locator(`.cell-${key}`).textContent()) ?? "";
      expect([endpoint, await cell("pairs")]).toEqual([endpoint, number(sent)]);
      expect([endpoint, await cell("diverging")]).toEqual([
        endpoint,
        `${number(diverging)} ${percent(diverging / sent)}`,
      ]);
      expect([endpoint, await cell("noise")]).toEqual([endpoint, number(noisy)]);
    }
  });

  test("the table is sorted and filtered by the address, so that it can be sent to somebody", async () => {
    const { page } = await shared().open("#/env/local?sort=-diverging&verdict=REGRESSION");
    const table = page.getByRole("table", { name: "Endpoints" });
    const first = table.getByRole("row").nth(1);
    await expectText(first.locator(".cell-endpoint"), "GET /hostile/{id}");
    await table.getByRole("button", { name: "endpoint" }).click();
    await expectText(first.locator(".cell-endpoint"), "GET /hostile/{id}");
    expect(page.url()).toContain("sort=endpoint");
    await page.getByRole("searchbox").fill("orders");
    await expectText(first.locator(".cell-endpoint"), "GET /orders/{id}");
    expect(await table.getAttribute("aria-rowcount")).toBe("2");
  });

  test("nobody is kept out of it, in light, in dark, on a small screen", async () => {
    const ready = '[aria-label="Endpoints"] .table-row';
    expect(await shared().inspect("#/env/local", "environment", ready)).toEqual([]);
  });

  test("a word says what it means to the keyboard", async () => {
    const { page } = await shared().open("#/env/local");
    await page.getByRole("button", { name: "masked" }).first().focus();
    await page.locator("#tooltip", { hasText: "all three lanes differ" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#tooltip").waitFor({ state: "hidden" });
  });
};

const expectText = async (locator: import("playwright-core").Locator, text: string): Promise<void> => {
  await locator.filter({ hasText: text }).waitFor();
};
