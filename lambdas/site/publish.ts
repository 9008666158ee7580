import * as z from "zod";
import { cacheControlOf, mediaTypeOf } from "../../web/headers.ts";
import type { answerTo } from "../bypass/answer.ts";

/** As CloudFormation calls a custom resource. */
const SiteRequest = z.object({
  RequestType: z.enum(["Create", "Update", "Delete"]),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  /** config.json, as text. */
  ResourceProperties: z.object({ Config: z.string() }),
});

export interface SiteFile {
  /** Behind the `/` of the site. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface Publishing {
  /** The built dashboard. */
  files(): AsyncIterable<SiteFile>;
  put(file: SiteFile, headers: { readonly type: string; readonly cacheControl: string }): Promise<void>;
  readonly answer: typeof answerTo;
}

const CONFIG = "config.json";
const ENTRY = "index.html";

/**
 * Puts the dashboard where it is served from, each time it or its configuration changes, and tells CloudFormation. What an older page still asks
 * for stays. Where the stack goes nothing is removed: with the bucket it goes.
 */
export const publish = async (event: unknown, publishing: Publishing): Promise<void> => {
  const request = SiteRequest.parse(event);
  const PhysicalResourceId = request.LogicalResourceId;
  try {
    if (request.RequestType !== "Delete") await putAll(request.ResourceProperties.Config, publishing);
  } catch (fault) {
    await publishing.answer(request, { Status: "FAILED", PhysicalResourceId, Reason: String(fault) });
    return;
  }
  await publishing.answer(request, { Status: "SUCCESS", PhysicalResourceId });
};

/** The page itself last: whoever loads it finds all that it names. */
const putAll = async (config: string, { files, put }: Publishing): Promise<void> => {
  let entry: SiteFile | undefined;
  for await (const file of files()) {
    if (file.path === ENTRY) entry = file;
    else if (file.path !== CONFIG && mediaTypeOf(file.path) !== undefined) await put(file, headersOf(file.path));
  }
  if (entry === undefined)
    throw new Error(`there is no ${ENTRY} among the files: npm run dashboard, then deploy again`);
  await put({ path: CONFIG, bytes: new TextEncoder().encode(config) }, headersOf(CONFIG));
  await put(entry, headersOf(ENTRY));
};

const headersOf = (path: string) => ({ type: mediaTypeOf(path) ?? "", cacheControl: cacheControlOf(path) });
