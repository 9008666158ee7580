import { BODIES, FAILURES, HEADERS, type Position, REFUSED, TARGETS } from "./positions.ts";
import type { Secret } from "./secrets.ts";

const CARRIERS: readonly (readonly [carrier: string, where: string, positions: readonly Position<unknown>[]])[] = [
  ["body", "bodies of requests and of the answers of all lanes", BODIES],
  ["header", "header lines of requests and answers", HEADERS],
  ["target", "paths and queries", TARGETS],
  ["failure", "answers that fail, break off or are no HTTP", FAILURES],
  ["refused", "requests that the tee refuses", REFUSED],
];

/** The table of docs/redaction.md. */
export const countsTable = (planted: readonly Secret[], found: number): string => {
  const rows = CARRIERS.flatMap(([carrier, where, positions]) =>
    (["default", "rule"] as const).flatMap((by) => {
      const names = new Set(positions.filter((one) => one.by === by).map(({ name }) => `${carrier}: ${name}`));
      if (names.size === 0) return [];
      const secrets = planted.filter(({ position }) => names.has(position)).length;
      return [`| ${where} | ${by === "rule" ? "a declaration" : "default"} | ${names.size} | ${secrets} | 0 |`];
    }),
  );
  const positions = CARRIERS.reduce((sum, [, , all]) => sum + all.length, 0);
  return [
    "| where | kept out by | positions | planted | found |",
    "|---|---|---|---|---|",
    ...rows,
    `| **all** | | **${positions}** | **${planted.length}** | **${found}** |`,
  ].join("\n");
};
