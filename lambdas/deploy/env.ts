import * as z from "zod";
import { DeployPlace } from "../../adapters/deploy-env.ts";
import { AdaptersEnv } from "../../adapters/env.ts";

export const DeployEnv = z.object({ ...AdaptersEnv.shape, ...DeployPlace.shape });
export type DeployEnv = z.infer<typeof DeployEnv>;
