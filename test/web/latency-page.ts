import { milliseconds } from "../../core/report/text.ts";
import type { LatencyReport } from "../../web/api-shapes.js";
import type { Shared } from "./system.ts";

const EMPTY: LatencyReport = {
  env: "ov",
  run: "run",
  control: "none",
  confidence: 0.95,
  relativeError: 0.01,
  overall: {
    pairs: 0,
    triples: 0,
    latency: { primary: null, candidate: null, secondary: null, ratio: null },
    interval: null,
  },
  distribution: [],
  endpoints: [],
  total: 0,
  slowest: [],
};

export const latencyPage = (shared: () => Shared): void => {
  const place = "#/env/local/latency";

  test("the quantiles of each lane are those of the API, and the ratio stands with where it lies", async () => {
    const { page, troubles } = await shared().open(place);
    const { overall } = await shared().get<LatencyReport>("/environments/local/latency");
    for (const lane of ["primary", "candidate", "secondary"] as const)
      for (const share of ["p50", "p95", "p99"] as const)
        expect(await page.locator(`[data-quantile="${lane} ${share}"]`).textContent()).toBe(
          milliseconds(overall.latency[lane]![share]),
        );
    expect(await page.locator('[data-quantile="ratio p50"]').textContent()).toMatch(/^[\d.]+×[\d.]+× to [\d.]+×$/);
    expect(await page.title()).toBe("Latency of local – Shadowgraph");
    expect(troubles).toEqual([]);
  });

  test("the distribution says what it shows, and the figures of the step that is pointed at", async () => {
    const { page } = await shared().open(place);
    const plot = page.getByRole("img", { name: /Distribution of latency: primary median .*candidate median .*p99/ });
    await plot.locator(".u-over").hover();
    await page.locator(".legend", { hasText: /candidate [\d.]+ %.* ms to .* ms/ }).waitFor();
  });

  test("the distribution is drawn wherever it begins", async () => {
    const { page, troubles } = await shared().open("#/words");
    const report = await shared().get<LatencyReport>("/environments/local/latency");
    const bar = { primary: 1, candidate: 1, secondary: 1 };
    const distribution = [
      { ...bar, fromMs: 0.0957, toMs: 0.2 },
      { ...bar, fromMs: 0.2, toMs: 3.1 },
    ];
    await page.route("**/environments/local/latency*", (route) => route.fulfill({ json: { ...report, distribution } }));
    await page.goto(`${shared().url}/${place}`);
    await page.locator(".plot canvas").waitFor();
    expect(troubles).toEqual([]);
  });

  test("an endpoint has an address of its own, to which the table leads", async () => {
    const { page } = await shared().open(place);
    await page
      .getByRole("table", { name: "Latency by endpoint" })
      .getByRole("link", { name: "GET /items/{id}" })
      .click();
    await page.getByRole("heading", { name: "GET /items/{id}" }).waitFor();
    expect(decodeURIComponent(page.url())).toContain("endpoint=GET+/items/{id}");
    await page.getByRole("combobox", { name: "Endpoint" }).selectOption("");
    await page.getByRole("heading", { name: "Latency of all endpoints" }).waitFor();
  });

  test("before the first pair, and where the API does not answer, the page says so", async () => {
    const { page } = await shared().open("#/words");
    await page.route("**/environments/local/latency*", (route) => route.fulfill({ json: EMPTY }));
    await page.goto(`${shared().url}/${place}`);
    await page.getByText("No pairs yet").waitFor();
    const broken = await shared().open("#/words");
    await broken.page.route("**/environments/local/latency*", (route) => route.fulfill({ status: 503, json: {} }));
    await broken.page.goto(`${shared().url}/${place}`);
    await broken.page.getByText("This could not be read").waitFor();
  });

  test("without a control overlay it says that latency is not judged", async () => {
    const { page } = await shared().open("#/words");
    const report = await shared().get<LatencyReport>("/environments/local/latency");
    const latency = { ...report.overall.latency, ratio: null };
    const json = { ...report, control: "baseline", overall: { ...report.overall, latency, interval: null } };
    await page.route("**/environments/local/latency*", (route) => route.fulfill({ json }));
    await page.goto(`${shared().url}/${place}`);
    await page.getByText("Latency is shown and not judged").waitFor();
    expect(await page.getByRole("table", { name: "Quantiles" }).textContent()).not.toContain("ratio");
  });

  test("nobody is kept out of it, in light, in dark, on a small screen", async () => {
    expect(await shared().inspect(place, "latency", ".plot canvas")).toEqual([]);
  });
};
