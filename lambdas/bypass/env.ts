import * as z from "zod";
import { AdaptersEnv } from "../../adapters/env.ts";
import { jsonOf, TeeRoute } from "../../adapters/tee-route.ts";

export const BypassEnv = z.object({ ...AdaptersEnv.shape, TEE_ROUTE: jsonOf(TeeRoute) });
export type BypassEnv = z.infer<typeof BypassEnv>;
