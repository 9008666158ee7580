import { number } from "../../core/report/text.ts";
import type { Findings } from "../../web/api-shapes.js";
import { seriousFaults } from "./browser.ts";
import type { Shared } from "./system.ts";

const findings = async (shared: Shared): Promise<Findings["findings"]> =>
  (await shared.get<Findings>("/environments/local/diffs?limit=500")).findings;

const findingAt = async (shared: Shared, place: string): Promise<Findings["findings"][number]> => {
  const found = (await findings(shared)).find((one) => one.place === place && one.confirmed);
  if (found === undefined) throw new Error(`no confirmed finding at ${place}`);
  return found;
};

export const findingPage = (shared: () => Shared): void => {
  test("the list has every finding, and the filter is in the address", async () => {
    const all = await findings(shared());
    const { page, troubles } = await shared().open("#/env/local/findings");
    const table = page.getByRole("table", { name: "Findings" });
    await table.getByRole("row").nth(1).waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe(String(all.length + 1));
    await page.getByLabel("Kind").selectOption("type");
    await table.getByRole("row").nth(1).getByText("body/price").waitFor();
    expect(page.url()).toContain("kind=type");
    expect(troubles).toEqual([]);
  });

  test("a finding counts the pairs that its sender made differ, at its place in the answer", async () => {
    const { id } = await findingAt(shared(), "body/price");
    const { page, troubles } = await shared().open(`#/env/local/findings/${id}`);
    const { sent, diverging } = shared().tally.endpoints.get("GET /items/{id}")!;
    const count = page.locator('[data-figure="count"]');
    await count.waitFor();
    expect(await count.textContent()).toContain(`${number(diverging)}of ${number(sent)} pairs`);
    await page
      .getByRole("navigation", { name: /Places/ })
      .getByText("price")
      .waitFor();
    expect(
      await page.getByRole("table", { name: "Values at the place" }).locator('[data-lane="candidate"]').textContent(),
    ).toMatch(/^"\d+\.50"$/);
    expect(troubles).toEqual([]);
  });

  test("every stored pair can be seen whole: what differs is marked, what is the same is folded", async () => {
    const { id } = await findingAt(shared(), "body/lines");
    const { page } = await shared().open(`#/env/local/findings/${id}`);
    const whole = page.getByRole("table", { name: "Bodies of the answers" }).last();
    await whole.getByText("this finding").waitFor();
    expect(await whole.locator(".theirs").count()).toBeGreaterThan(2);
    const folded = whole.getByRole("button", { name: "at", exact: true }).first();
    expect(await folded.getAttribute("aria-expanded")).not.toBeNull();
    const request = page.locator(".whole-request code");
    const first = await request.textContent();
    await page.getByRole("button", { name: "later" }).click();
    await page.waitForFunction(
      (before) => document.querySelector(".whole-request code")?.textContent !== before,
      first,
    );
  });

  test("the request is copied as curl", async () => {
    const { id } = await findingAt(shared(), "body/price");
    const { page } = await shared().open(`#/env/local/findings/${id}`);
    await page.getByRole("button", { name: "Copy the request as curl" }).click();
    await page.getByText("copied", { exact: true }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl -si 'http:.*\/items\/\d+'$/);
  });

  test("what services answered is text and nothing else, wherever it is shown", async () => {
    const hostile = (await findings(shared())).filter(({ endpoint }) => endpoint === "GET /hostile/{id}");
    expect(hostile.length).toBeGreaterThan(3);
    const { page, troubles } = await shared().open("#/env/local");
    for (const { id } of hostile.slice(0, 4)) {
      await page.goto(`${shared().url}/#/env/local/findings/${id}`);
      await page.locator(".whole").waitFor();
      for (let pair = 0; pair < 2; pair++) {
        const later = page.getByRole("button", { name: "later" });
        if (await later.isDisabled()) break;
        await later.click();
      }
    }
    await page.goto(`${shared().url}/#/env/local/findings?endpoint=GET+%2Fhostile%2F%7Bid%7D`);
    await page.getByRole("row").nth(2).waitFor();
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    const made =
      "#app script, #app iframe, #app img, #app style, #app base, #app math, #app object, #app [onerror], #app [onload]";
    expect(await page.locator(made).count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  test("nobody is kept out of it, in light, in dark, on a small screen", async () => {
    const { id } = await findingAt(shared(), "body/price");
    expect(await shared().inspect(`#/env/local/findings/${id}`, "finding", ".whole")).toEqual([]);
  });

  test("nor of the list", async () => {
    expect(await shared().inspect("#/env/local/findings", "findings", ".table-row")).toEqual([]);
  });

  test("a rule shows what it would do, and is applied in one click", async () => {
    const { id } = await findingAt(shared(), "body/lines");
    const { page, troubles } = await shared().open(`#/env/local/findings/${id}`);
    await page.getByRole("button", { name: "Allow this difference" }).click();
    await page.getByRole("radio", { name: /In any order/ }).check();
    await page.getByText("orderFree body/lines").waitFor();
    await page.getByText("Nothing is changed yet.").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await shared().get("/environments/local/rules")).toMatchObject({ rules: [] });
    await page.getByLabel("Because").fill("the order is not promised");
    await page.getByText("Nothing is changed yet.").waitFor();
    await page.getByRole("button", { name: "Apply the rule" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await shared().get("/environments/local/rules")).toMatchObject({
      rules: [{ endpoint: "GET /lists/{id}", orderFree: "body/lines", because: "the order is not promised" }],
    });
    // The finding is gone, once what is stored is compared anew.
    await page.getByText(`there is no finding "${id}"`).waitFor();
    expect(troubles.filter((trouble) => !trouble.includes("404"))).toEqual([]);
  });
};
