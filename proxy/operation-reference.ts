// The tables of docs/operation.md; a test keeps them in step. As a program it prints them.
import { fileURLToPath } from "node:url";
import { limitsTable } from "./limit-variables.ts";
import { Limits } from "./limits.ts";
import { metricsTable } from "./metrics-family.ts";
import { FAMILIES, PREFIX } from "./metrics-table.ts";

export const metricsReference = (): string => metricsTable(PREFIX, FAMILIES);
export const limitsReference = (): string => limitsTable(Limits);

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`${metricsReference()}\n\n${limitsReference()}`);
