import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** What does not come by then does not come. */
const TIMEOUT_MS = 20_000;
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser of this machine, by PATH. */
export const findChromium = (): string | undefined =>
  NAMES.flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name))).find(
    isProgram,
  );

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--disable-dev-shm-usage", "--disable-gpu", "--renderer-process-limit=1"] });

export interface Look {
  readonly width: number;
  readonly scheme: "light" | "dark";
}
export const WIDE: Look = { width: 1440, scheme: "light" };
export const LOOKS: readonly Look[] = [WIDE, { width: 1440, scheme: "dark" }, { width: 380, scheme: "light" }];

export interface Watched {
  readonly page: Page;
  /** What must not happen on any page: a broken policy, an error, a request to somebody else. */
  readonly troubles: readonly string[];
}

export const newContext = async (browser: Browser, { width, scheme }: Look): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`policy broken: ${violatedDirective} ${blockedURI}`),
    );
  });
  return context;
};

/** A page that keeps what goes wrong on it. */
export const openPage = async (context: BrowserContext, origin: string): Promise<Watched> => {
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("dialog", (dialog) => {
    troubles.push(`a dialog of the browser: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(?:data|blob):/.test(request.url()))
      troubles.push(`a request to somebody else: ${request.url()}`);
  });
  return { page, troubles };
};

interface AxeResult {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What can differ from the wide page in light: in dark the colours, on a small screen what is laid out otherwise. */
const RULES_IN_DARK = ["color-contrast", "link-in-text-block"];
const RULES_ON_SMALL = ["scrollable-region-focusable", "target-size", "aria-required-children", "aria-required-parent"];

/** What keeps people out, of serious or critical impact. Of the wide page in light all is looked at. */
export const seriousFaults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const look = await page.evaluate(() => ({
    width: innerWidth,
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
  }));
  const runOnly = look.width < 500 ? RULES_ON_SMALL : look.isDark ? RULES_IN_DARK : undefined;
  const options = JSON.stringify({ resultTypes: ["violations"], ...(runOnly && { runOnly }) });
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as { violations: readonly AxeResult[] };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`));
};
