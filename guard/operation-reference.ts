// The tables of docs/guard.md; a test keeps them in step. As a program it prints them.
import { fileURLToPath } from "node:url";
import { limitsTable } from "../proxy/limit-variables.ts";
import { metricsTable } from "../proxy/metrics-family.ts";
import { GuardLimits } from "./limits.ts";
import { GUARD_FAMILIES, GUARD_PREFIX } from "./metrics.ts";

export const guardReference = (): string =>
  `${metricsTable(GUARD_PREFIX, GUARD_FAMILIES)}\n\n## Limits\n\nEach can be set by its variable. Bytes and milliseconds, as the name says.\n\n${limitsTable(GuardLimits)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(guardReference());
