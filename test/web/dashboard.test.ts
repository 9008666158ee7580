import { auditPage } from "./audit-page.ts";
import { findChromium } from "./browser.ts";
import { environmentPage } from "./environment-page.ts";
import { latencyPage } from "./latency-page.ts";
import { rulesPage } from "./rules-page.ts";
import { runsPage } from "./runs-page.ts";
import { createSecond } from "./second.ts";
import { share } from "./system.ts";

// All pages against one embedded system in one browser: what is looked at is in the files named like the pages.

const executable = findChromium();
const inBrowser = executable === undefined ? describe.skip : describe;
const why = executable === undefined ? " (skipped: no chromium or google-chrome in PATH)" : "";

inBrowser(`the dashboard in a browser${why}`, () => {
  const shared = share(executable ?? "");
  describe("environments", () => environmentPage(shared));
  describe("latency", () => latencyPage(shared));
  describe("history", () => {
    beforeAll(() => createSecond(shared()));
    describe("runs", () => runsPage(shared));
    describe("audit", () => auditPage(shared));
    describe("rules", () => rulesPage(shared));
  });
});
