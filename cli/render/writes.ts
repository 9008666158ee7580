import type { WritesShape } from "../../lambdas/api/shapes-lanes.ts";
import { number, time } from "./text.ts";

/** What becomes of writes, a row for each service. */
export const writesFacts = (writes: readonly WritesShape[]): (readonly [string, string])[] =>
  writes.map(({ service, mirrored, state, reason, probe }) => {
    const again = probe?.nextAt ? `; tried again after ${time(probe.nextAt)}` : "";
    return [`writes ${service}`, `${mirrored ? "mirrored" : `denied, ${state}`}: ${reason}${again}`] as const;
  });

/** Nothing where there were none. */
export const deniedFacts = (deniedWrites: number): (readonly [string, string])[] =>
  deniedWrites === 0 ? [] : [["writes denied", `${number(deniedWrites)}, all served by the baseline`]];
