import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a stack deploys of the dashboard is what lies in web/dist: it is built there, unless it was of the same sources. */
export const buildDashboard = (): void => {
  execFileSync(process.execPath, ["web/build.ts"], { cwd: fileURLToPath(new URL("../..", import.meta.url)) });
};
