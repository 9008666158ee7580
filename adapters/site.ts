import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { calling } from "./fault.ts";
import { requestHandler } from "./request-handler.ts";

interface SiteFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Objects as a web server would serve them. */
export const createSiteBucket = (name: string, s3 = new S3Client({ requestHandler })) => ({
  async put(
    { path, bytes }: SiteFile,
    { type, cacheControl }: { readonly type: string; readonly cacheControl: string },
  ): Promise<void> {
    const object = { Bucket: name, Key: path, Body: bytes, ContentType: type, CacheControl: cacheControl };
    await calling(`write ${path}`, () => s3.send(new PutObjectCommand(object)));
  },
});

/** Every file below a folder, read one by one. */
export async function* filesBelow(folder: string): AsyncIterable<SiteFile> {
  for await (const entry of glob("**/*.*", { cwd: folder, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    yield { path: file.slice(folder.length + 1).replaceAll("\\", "/"), bytes: await readFile(file) };
  }
}
