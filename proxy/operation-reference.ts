// The tables of docs/operation.md; a test keeps them in step. As a program it prints them.
import { fileURLToPath } from "node:url";
import { variableOf } from "./env.ts";
import { DEFAULT_LIMITS, Limits } from "./limits.ts";
import { FAMILIES, PREFIX } from "./metrics-table.ts";

export const metricsReference = (): string =>
  [
    "| metric | type | meaning |",
    "|---|---|---|",
    ...FAMILIES.map(({ name, type, help }) => `| \`${PREFIX}${name}\` | ${type} | ${help} |`),
  ].join("\n");

export const limitsReference = (): string =>
  [
    "| variable | default | meaning |",
    "|---|---|---|",
    ...(Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]).map((limit) => {
      const meaning = Limits.shape[limit].description;
      return `| \`${variableOf(limit)}\` | ${DEFAULT_LIMITS[limit]} | ${meaning} |`;
    }),
  ].join("\n");

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`${metricsReference()}\n\n${limitsReference()}`);
