import type { VerdictName } from "../core/verdict/verdict.ts";

/** What a script sees of `env verdict`; 2 is a mistake of the user, 5 a fault of the system. */
export const VERDICT_EXITS: Readonly<Record<VerdictName, number>> = {
  SAFE: 0,
  REGRESSION: 1,
  UNDECIDED: 3,
  INVALID: 4,
};
