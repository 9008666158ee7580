import type { Finding, Recheck } from "../../web/api-shapes.js";
import type { Shared } from "./system.ts";

export const recheckPage = (shared: () => Shared): void => {
  const place = "#/env/local/recheck";

  test("what would be sent is said before anything is; then each finding is told by name", async () => {
    const { page, troubles } = await shared().open("#/words");
    // Quicker than people may wait.
    await page.route("**/recheck", (route) => {
      const body = route.request().postDataJSON();
      return route.continue(body === null || "continue" in body ? {} : { postData: { ...body, rate: 50 } });
    });
    await page.goto(`${shared().url}/${place}`);
    await page.getByText("Nothing was rechecked yet").waitFor();
    await page.getByRole("button", { name: "Ask again…" }).click();
    const dialog = page.getByRole("dialog", { name: "Ask again" });
    await dialog.getByText("no stored request can be sent again as it is").waitFor();
    await dialog.getByLabel("cookie:session").fill("s1");
    await dialog.getByRole("button", { name: "Use these values" }).click();
    await dialog.getByText(/stored requests of \d+ findings, 3 times each/).waitFor();
    const begun = await shared().get<Recheck>("/environments/local/recheck");
    expect(begun).toMatchObject({ done: 0 });
    await dialog.getByRole("button", { name: "Send them" }).click();
    await dialog.waitFor({ state: "detached", timeout: 25_000 });
    const { findings, total, done } = await shared().get<Recheck>("/environments/local/recheck");
    expect(done).toBe(total);
    // Nobody mended anything: the sender knows that all are there still.
    const confirmed = (
      await shared().get<{ findings: Finding[] }>("/environments/local/diffs?confirmed=true&limit=500")
    ).findings;
    expect(findings.length).toBe(confirmed.length);
    const still = findings.filter(({ state }) => state === "stillThere").length;
    expect(still).toBeGreaterThan(5);
    expect(await page.locator('[data-state="stillThere"]').textContent()).toBe(`${still} still there`);
    expect(troubles.filter((trouble) => !trouble.includes("404"))).toEqual([]);
  });

  test("nobody is kept out of it, in light, in dark, on a small screen", async () => {
    expect(await shared().inspect(place, "recheck", ".recheck-counts")).toEqual([]);
  });
};
