import { seriousFaults } from "./browser.ts";
import type { Shared } from "./system.ts";

interface Shadow {
  readonly enabled: boolean;
  readonly percent: number;
  readonly run: { readonly attempt: number };
}

export const controls = (shared: () => Shared): void => {
  test("mirroring says what it would do, refuses what is no percent, and does it", async () => {
    const { page, troubles } = await shared().open("#/env/local");
    await page.getByRole("button", { name: "Mirroring…" }).click();
    const percent = page.getByLabel(/Percent/);
    await percent.fill("120");
    await page.getByText(/must be a number from 0 to 100/).waitFor();
    expect(await page.getByRole("button", { name: "Apply" }).isDisabled()).toBe(true);
    await percent.fill("12.5");
    await page.getByText("From now on 12.5 % of the requests is mirrored, until now 100 %.").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await shared().get<Shadow>("/environments/local/shadow")).toMatchObject({ percent: 100 });
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(".env-head b", { hasText: "12.5 %" }).waitFor();
    expect(await shared().get<Shadow>("/environments/local/shadow")).toMatchObject({ enabled: true, percent: 12.5 });
    expect(troubles).toEqual([]);
  });

  test("Escape leaves all as it is, and the focus where it was", async () => {
    const { page } = await shared().open("#/env/local");
    const button = page.getByRole("button", { name: "Mirroring…" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test("a report is downloaded", async () => {
    const { page, troubles } = await shared().open("#/env/local");
    await page.getByRole("button", { name: "Report…" }).click();
    await page.getByRole("radio", { name: /JUnit/ }).check();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("shadowgraph-local.xml");
    expect(await file.failure()).toBeNull();
    expect(troubles).toEqual([]);
  });

  test("a release says on which evidence, and that there is nothing to release where nothing is deployed", async () => {
    const { page, troubles } = await shared().open("#/env/local");
    await page.getByRole("button", { name: "Release…" }).click();
    await page.getByText("Nothing: only a service that overlay.yaml gives an image").waitFor();
    expect(await page.getByRole("button", { name: "Release by force" }).isDisabled()).toBe(true);
    expect(troubles).toEqual([]);
  });

  test("of an overlay that is not SAFE, name and reason are asked for before anything is sent", async () => {
    const { page } = await shared().open("#/");
    const environment = await shared().get<{ file: { services: object } }>("/environments/local");
    const services = { app: { ...Object.values(environment.file.services)[0], image: "shop:1.5.0" } };
    await page.route("**/environments/local", (route) =>
      route.fulfill({ json: { ...environment, file: { ...environment.file, services } } }),
    );
    const sent: unknown[] = [];
    await page.route("**/overlays/*/release", (route) => {
      if (route.request().method() === "GET") return route.fulfill({ status: 404, json: {} });
      sent.push(route.request().postDataJSON());
      return route.fulfill({ status: 422, contentType: "application/problem+json", body: PROBLEM });
    });
    await page.goto(`${shared().url}/#/env/local`);
    await page.getByRole("button", { name: "Release…" }).click();
    const force = page.getByRole("button", { name: "Release by force" });
    await force.waitFor();
    await page.getByLabel("Because").fill("the findings are meant");
    expect(await force.isDisabled()).toBe(true);
    await page.getByLabel("Type local to confirm").fill("local");
    expect(sent).toEqual([]);
    await force.click();
    await page.getByRole("alert").getByText("nothing to release from here").waitFor();
    expect(sent).toEqual([{ force: true, because: "the findings are meant" }]);
  });
};

const PROBLEM = JSON.stringify({
  type: "urn:shadowgraph:problem:not-allowed",
  title: "",
  status: 422,
  code: "not-allowed",
  detail: "nothing to release from here",
  faults: [],
});
