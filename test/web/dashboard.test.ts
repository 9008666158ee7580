import { auditPage } from "./audit-page.ts";
import { findChromium } from "./browser.ts";
import { controls } from "./controls.ts";
import { environmentPage } from "./environment-page.ts";
import { findingPage } from "./finding-page.ts";
import { latencyPage } from "./latency-page.ts";
import { recheckPage } from "./recheck-page.ts";
import { rulesPage } from "./rules-page.ts";
import { runsPage } from "./runs-page.ts";
import { scale } from "./scale.ts";
import { createSecond } from "./second.ts";
import { signInPage } from "./sign-in-page.ts";
import { staleness } from "./staleness.ts";
import { share } from "./system.ts";

// All pages against one embedded system in one browser: what is looked at is in the files named like the pages.

jest.setTimeout(60_000);
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
  describe("staleness", () => staleness(shared));
  describe("scale", () => scale(shared));
  describe("sign-in", () => signInPage(shared));
  describe("recheck", () => recheckPage(shared));
  // These change the system: they come last.
  describe("findings", () => findingPage(shared));
  describe("controls", () => controls(shared));
});
