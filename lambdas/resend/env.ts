import * as z from "zod";

/** It is told everything by whoever calls it, and has no rights of its own. */
export const ResendEnv = z.object({});
export type ResendEnv = z.infer<typeof ResendEnv>;
