import type { RulesSuggested, RulesWithHits } from "../../web/api-shapes.js";
import { seriousFaults } from "./browser.ts";
import type { Shared } from "./system.ts";

export const rulesPage = (shared: () => Shared): void => {
  const local = "#/env/local/rules";
  const second = "#/env/second/rules";

  test("a suggestion is tried on what is stored, and nothing is changed by it", async () => {
    const { page, troubles } = await shared().open(local);
    const { suggestions } = await shared().get<RulesSuggested>("/environments/local/rules/suggestions");
    expect(suggestions.length).toBeGreaterThan(0);
    await page.getByText("No rules yet").waitFor();
    await page
      .getByRole("button", { name: /^Try it: / })
      .first()
      .click();
    await page.getByText("not applied yet", { exact: true }).waitFor();
    const draft = page.getByRole("region", { name: "Changes that are not applied yet" });
    await draft.getByText(/findings? (?:go|goes), .* stay/).waitFor();
    await draft.getByText("Nothing is changed yet").waitFor();
    expect(await draft.getByRole("button", { name: "Apply" }).isEnabled()).toBe(true);
    await draft.getByRole("button", { name: "Discard" }).click();
    await page.getByText("No rules yet").waitFor();
    expect((await shared().get<RulesWithHits>("/environments/local/rules")).version).toBe(0);
    expect(troubles).toEqual([]);
  });

  test("a rule says what it does, where, why, and how often it was needed", async () => {
    const { page } = await shared().open(second);
    const text = await page.locator(".rule").first().textContent();
    expect(text).toContain("ignore body/price at GET /items/{id}");
    expect(text).toContain("<b>money</b> as text");
    expect(await page.locator("[data-hits]").getAttribute("data-hits")).toBe("0");
  });

  test("rules can be written as text; what is none is pointed out by field, and cannot be applied", async () => {
    const { page } = await shared().open(second);
    await page.getByText("As text", { exact: true }).click();
    const field = page.getByRole("textbox", { name: /Rules as JSON/ });
    await field.fill("[{");
    await page.getByRole("alert").filter({ hasText: /JSON/ }).waitFor();
    await field.fill('[{"ignoer": "body/price"}]');
    await page.getByText(/ignoer.*is not known here/).waitFor();
    expect(await page.getByRole("button", { name: "Apply" }).isEnabled()).toBe(false);
  });

  test("changes that somebody else outran are not applied over theirs", async () => {
    const { page } = await shared().open(second);
    await page.getByRole("button", { name: /^Take away/ }).click();
    await page.getByText("to be taken away").waitFor();
    await page.route("**/environments/second/rules", async (route) => {
      const answer = await route.fetch({ headers: {} });
      await route.fulfill({ json: { ...(await answer.json()), version: 7 } });
    });
    await page.getByText("Somebody else changed the rules meanwhile").waitFor();
    expect(await page.getByRole("button", { name: "Apply" }).isEnabled()).toBe(false);
  });

  test.each([
    [1440, "light"],
    [380, "dark"],
  ] as const)("nobody is kept out of it, and nothing hangs over the edge: %d %s", async (width, scheme) => {
    const { page } = await shared().open(local, { width, scheme });
    await page
      .getByRole("button", { name: /^Try it: / })
      .first()
      .click();
    await page.getByText("Nothing is changed yet").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  test("what was looked at first is applied, and said to be so", async () => {
    const { page } = await shared().open(second);
    await page.getByRole("button", { name: /^Take away/ }).click();
    await page.getByText("Nothing is changed yet").waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("No rules yet").waitFor();
    expect(await page.locator("#announcer").textContent()).toBe("The rules are applied");
    expect(await shared().get<RulesWithHits>("/environments/second/rules")).toMatchObject({ version: 2, rules: [] });
  });
};
