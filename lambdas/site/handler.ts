import { parseEnv } from "../../adapters/env.ts";
import { createSiteBucket, filesBelow } from "../../adapters/site.ts";
import { answerTo } from "../bypass/answer.ts";
import { SiteEnv } from "./env.ts";
import { publish } from "./publish.ts";

/** Where Lambda puts what is in a layer. */
const LAYER = "/opt";
const { put } = createSiteBucket(parseEnv(SiteEnv, process.env).SITE_BUCKET);

export const handler = (event: unknown): Promise<void> =>
  publish(event, { files: () => filesBelow(LAYER), put, answer: answerTo });
