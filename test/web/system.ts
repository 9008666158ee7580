import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import type { OverlayEnvironment } from "../../web/api-shapes.js";
import { cleanUp, newFolder, pause, up } from "../end-to-end/system.ts";
import { LOOKS, type Look, launch, newContext, openPage, seriousFaults, type Watched, WIDE } from "./browser.ts";
import { sendShopTraffic, startShop, type Tally } from "./shop.ts";

const REQUESTS = 1_200;
const ROOT = join(__dirname, "../..");
/** Pictures for people: nobody compares them. */
const SCREENSHOTS = join(__dirname, "screenshots");

const pictureOf = (name: string, { width, scheme }: Look): string =>
  join(SCREENSHOTS, `${name}-${width}-${scheme}.png`);

/** One system with findings, and one browser, for all tests of the dashboard. */
export interface Shared {
  readonly url: string;
  /** What the traffic's sender counted. */
  readonly tally: Tally;
  readonly browser: Browser;
  /** A page at this place of the dashboard; it is closed after the test. */
  open(hash: string, look?: Look): Promise<Watched>;
  get<T>(path: string): Promise<T>;
  /** Looks at a place in each look, and keeps pictures: what keeps people out, hangs over the edge, or breaks the policy. */
  inspect(hash: string, name: string, ready: string): Promise<readonly string[]>;
}

/** Begins before the first test of the file, and ends after the last. */
export const share = (executable: string): (() => Shared) => {
  let shared: Shared | undefined;
  let stop = async (): Promise<void> => {};
  const open: Watched[] = [];
  beforeAll(async () => {
    execFileSync(process.execPath, ["web/build.ts"], { cwd: ROOT });
    mkdirSync(SCREENSHOTS, { recursive: true });
    const shop = await startShop();
    const [system, browser] = await Promise.all([
      up([
        ...["--primary", shop.primary, "--candidate", shop.candidate, "--secondary", shop.secondary],
        ...["--baseline-version", "1.4.0", "--candidate-version", "1.5.0-rc.1", "--data", join(newFolder(), "data")],
      ]),
      launch(executable),
    ]);
    stop = async () => {
      await browser.close();
      await system.end();
      shop.stop();
      await cleanUp();
    };
    const tally = await sendShopTraffic(system.teeUrl, REQUESTS);
    const get = async <T>(path: string): Promise<T> => (await (await fetch(`${system.apiUrl}${path}`)).json()) as T;
    await settled(get, tally.sent);
    // A context for each look, as a browser keeps it: its cache is warm after the first page.
    const contexts = new Map<Look, Promise<BrowserContext>>();
    const openAt: Shared["open"] = async (hash, wanted = WIDE) => {
      const look = LOOKS.find(({ width, scheme }) => width === wanted.width && scheme === wanted.scheme) ?? wanted;
      const context = contexts.get(look) ?? newContext(browser, look);
      contexts.set(look, context);
      const watched = await openPage(await context, system.apiUrl);
      open.push(watched);
      await watched.page.goto(`${system.apiUrl}/${hash}`);
      return watched;
    };
    const inspect: Shared["inspect"] = async (hash, name, ready) => {
      const faults = LOOKS.map(async (look) => {
        const { page, troubles } = await openAt(hash, look);
        await page.waitForSelector(ready);
        await page.screenshot({ path: pictureOf(name, look), fullPage: true });
        const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        const serious = await seriousFaults(page);
        const hanging = overhang > 0 ? [`it hangs over the edge by ${overhang} px`] : [];
        return [...hanging, ...serious, ...troubles].map((fault) => `${look.width} ${look.scheme}: ${fault}`);
      });
      return (await Promise.all(faults)).flat();
    };
    shared = { url: system.apiUrl, tally, browser, open: openAt, get, inspect };
  }, 90_000);
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ page }) => page.close()));
  });
  afterAll(() => stop(), 60_000);
  return () => {
    if (shared === undefined) throw new Error("the system has not started");
    return shared;
  };
};

/** All that was sampled is judged. */
const settled = async (get: Shared["get"], sent: number): Promise<void> => {
  for (let look = 0; look < 200; look++) {
    const { outcomes } = await get<OverlayEnvironment>("/environments/local");
    const { pairs } = await get<{ pairs: number }>("/environments/local/verdict");
    if (outcomes.sampled === sent && outcomes.compared === sent && pairs === sent) return;
    await pause(100);
  }
  throw new Error(`not all of ${sent} requests are judged`);
};
