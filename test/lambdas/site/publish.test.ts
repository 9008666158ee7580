import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { createSiteBucket, filesBelow } from "../../../adapters/site.ts";
import { publish, type SiteFile } from "../../../lambdas/site/publish.ts";
import { startStack } from "../../adapters/aws-stack.ts";

const CONFIG = '{"signIn":{"issuer":"https://login.example.com","clientId":"shadowgraph"}}';
const requestOf = (RequestType: string) => ({
  RequestType,
  ResourceType: "Custom::ShadowgraphDashboard",
  ServiceToken: "arn",
  ResponseURL: "https://cloudformation.example.com/answer",
  StackId: "stack",
  RequestId: "request",
  LogicalResourceId: "Published",
  ResourceProperties: { ServiceToken: "arn", Config: CONFIG, Files: "stamp" },
});

const FILES = {
  "index.html": "<!doctype html>",
  "config.json": "{}",
  "index.html.br": "coded",
  ".sources": "stamp",
  "favicon.svg": "<svg/>",
  "assets/index-B3I12Dm2.js": "code",
};

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "shadowgraph-site-"));
  await mkdir(join(folder, "assets"));
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(folder, path), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const published = async (
  type: string,
  over: { files?: () => AsyncIterable<SiteFile>; put?: () => Promise<void> } = {},
) => {
  const put: [path: string, text: string, type: string, cacheControl: string][] = [];
  const answers: object[] = [];
  await publish(requestOf(type), {
    files: () => filesBelow(folder),
    put: async ({ path, bytes }, headers) =>
      void put.push([path, Buffer.from(bytes).toString(), headers.type, headers.cacheControl]),
    answer: async ({ ResponseURL }, answer) => void answers.push({ ResponseURL, ...answer }),
    ...over,
  });
  return { put, answers };
};

test.each(["Create", "Update"])(
  "at %s every file is put with its type, the page last, its configuration before it",
  async (type) => {
    const { put, answers } = await published(type);
    const forEver = "public, max-age=31536000, immutable";
    expect(put.slice(0, -2).sort()).toEqual([
      ["assets/index-B3I12Dm2.js", "code", "text/javascript; charset=utf-8", forEver],
      ["favicon.svg", "<svg/>", "image/svg+xml", "no-cache"],
    ]);
    expect(put.slice(-2)).toEqual([
      ["config.json", CONFIG, "application/json", "no-cache"],
      ["index.html", "<!doctype html>", "text/html; charset=utf-8", "no-cache"],
    ]);
    expect(answers).toEqual([
      { ResponseURL: "https://cloudformation.example.com/answer", Status: "SUCCESS", PhysicalResourceId: "Published" },
    ]);
  },
);

test("with the stack nothing is put, and nothing is removed", async () => {
  expect(await published("Delete")).toMatchObject({ put: [], answers: [{ Status: "SUCCESS" }] });
});

test.each([
  ["a bucket that refuses", { put: () => Promise.reject(new Error("AccessDenied")) }, /AccessDenied/],
  ["a layer without the dashboard", { files: async function* () {} }, /no index\.html.*npm run dashboard/],
])("%s fails the deploy with its reason", async (_title, over, reason) => {
  const { answers } = await published("Update", over);
  expect(answers).toMatchObject([{ Status: "FAILED", Reason: expect.stringMatching(reason) }]);
});

test("the bucket gives each file back with its type and how long it may be kept", async () => {
  const stack = await startStack();
  try {
    const { put } = createSiteBucket(stack.env.BUCKET_NAME, stack.clients.s3);
    await put(
      { path: "assets/a.js", bytes: Buffer.from("code") },
      { type: "text/javascript", cacheControl: "no-cache" },
    );
    const object = await stack.clients.s3.send(
      new GetObjectCommand({ Bucket: stack.env.BUCKET_NAME, Key: "assets/a.js" }),
    );
    expect(await object.Body?.transformToString()).toBe("code");
    expect([object.ContentType, object.CacheControl]).toEqual(["text/javascript", "no-cache"]);
  } finally {
    await stack.stop();
  }
});
