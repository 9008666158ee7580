import type { EndpointVerdict, Finding, Verdict } from "../../web/api-shapes.js";
import type { Shared } from "./system.ts";

const FINDINGS = 10_000;
const ENDPOINTS = 1_000;
/** What is in the page at a time, however much there is. */
const MAX_ROWS_IN_PAGE = 120;

/** The real page over answers of a size that no test system comes to. */
export const scale = (shared: () => Shared): void => {
  test("1 000 endpoints: few rows are in the page, any is reached, found and sorted", async () => {
    const { page } = await shared().open("#/");
    const verdict = await shared().get<Verdict>("/environments/local/verdict");
    const [one] = verdict.endpoints;
    const endpoints = Array.from(
      { length: ENDPOINTS },
      (_, i): EndpointVerdict => ({ ...one!, endpoint: `GET /things/${i}/of/{id}`, pairs: i }),
    );
    await page.route("**/environments/*/verdict", (route) => route.fulfill({ json: { ...verdict, endpoints } }));
    await page.goto(`${shared().url}/#/env/local?sort=-pairs`);
    const table = page.getByRole("table", { name: "Endpoints" });
    await table.getByText("GET /things/999/of/{id}").waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe(String(ENDPOINTS + 1));
    expect(await table.getByRole("row").count()).toBeLessThan(MAX_ROWS_IN_PAGE);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await table.getByText("GET /things/0/of/{id}").waitFor();
    expect(await table.getByRole("row").count()).toBeLessThan(MAX_ROWS_IN_PAGE);
    await page.getByRole("searchbox").fill("/777/");
    await table.getByText("GET /things/777/of/{id}").waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe("2");
  });

  test("10 000 findings: pages are asked for as they are scrolled to", async () => {
    const { page } = await shared().open("#/");
    const { findings } = await shared().get<{ findings: Finding[] }>("/environments/local/diffs?limit=1");
    const asked: number[] = [];
    await page.route("**/environments/*/diffs?*", (route) => {
      const query = new URL(route.request().url()).searchParams;
      const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
      asked.push(offset);
      const some = Array.from({ length: Math.min(limit, FINDINGS - offset) }, (_, i) => {
        const id = `f${offset + i}`;
        return { ...findings[0]!, id, group: id, place: `body/field-${offset + i}` };
      });
      return route.fulfill({ json: { env: "e", run: "r", findings: some, total: FINDINGS } });
    });
    await page.goto(`${shared().url}/#/env/local/findings`);
    const table = page.getByRole("table", { name: "Findings" });
    await table.getByText("body/field-0", { exact: true }).waitFor();
    expect(await table.getByRole("row").count()).toBeLessThan(MAX_ROWS_IN_PAGE);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await table.getByText("body/field-9999", { exact: true }).waitFor();
    expect(await table.getByRole("row").count()).toBeLessThan(MAX_ROWS_IN_PAGE);
    expect(new Set(asked).size).toBeLessThan(6);
  });
};
