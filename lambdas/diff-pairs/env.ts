import type * as z from "zod";
import { AdaptersEnv } from "../../adapters/env.ts";

export const DiffPairsEnv = AdaptersEnv;
export type DiffPairsEnv = z.infer<typeof DiffPairsEnv>;
