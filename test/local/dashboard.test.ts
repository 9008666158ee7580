import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { type Dashboard, readDashboard } from "../../local/dashboard.ts";
import { securityHeaders } from "../../web/headers.ts";

const MAX_FIRST_LOAD_BYTES = 120 * 1024;

let dashboard: Dashboard;
beforeAll(() => {
  execFileSync(process.execPath, ["web/build.ts"], { cwd: join(__dirname, "../..") });
  dashboard = readDashboard();
});

const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  dashboard.answer(new Request(`http://127.0.0.1:8081${path}`, { method, headers }));
const bytesOf = async (answer: Response | undefined) => Buffer.from(await answer!.arrayBuffer());
const assets = async (): Promise<readonly string[]> => {
  const index = await ask("/")!.text();
  return [...index.matchAll(/(?:src|href)="\.(\/[^"]+)"/g)].map(([, path]) => path!);
};

test("the page is served under a policy that lets nothing in", async () => {
  const { headers } = ask("/")!;
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toBe("no-cache");
  expect(await ask("/")!.text()).not.toMatch(/<script(?![^>]*src)|<style|style=|onload=/);
});

test("the API and the sign-in of another origin can be allowed by name", () => {
  expect(securityHeaders(["https://api.example"])["content-security-policy"]).toContain(
    "connect-src 'self' https://api.example;",
  );
});

test("what is named by its content is kept for ever, and comes compressed to those who take it", async () => {
  const [script = ""] = (await assets()).filter((path) => path.endsWith(".js"));
  const plain = await bytesOf(ask(script));
  const [brotli, gzip] = [ask(script, { "accept-encoding": "gzip, br" }), ask(script, { "accept-encoding": "gzip" })];
  expect(brotli!.headers.get("cache-control")).toContain("immutable");
  expect(brotli!.headers.get("content-encoding")).toBe("br");
  expect(brotli!.headers.get("vary")).toBe("accept-encoding");
  expect(brotliDecompressSync(await bytesOf(brotli))).toEqual(plain);
  expect(gunzipSync(await bytesOf(gzip))).toEqual(plain);
});

test("asked again for what has not changed, it says so", () => {
  const etag = ask("/")!.headers.get("etag")!;
  expect(ask("/", { "if-none-match": etag })!.status).toBe(304);
});

test("the first load of script and style is at most 120 KiB", async () => {
  const loaded = (await assets()).filter((path) => /\.(?:js|css)$/.test(path));
  expect(loaded.length).toBeGreaterThan(1);
  const sizes = await Promise.all(loaded.map(async (path) => gzipSync(await bytesOf(ask(path))).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_FIRST_LOAD_BYTES);
});

test.each([
  ["an address of the API", "/environments", "GET"],
  ["a way out of the folder", "/assets/..%2f..%2fpackage.json", "GET"],
  ["what the build keeps for itself", "/.sources", "GET"],
  ["a write", "/", "POST"],
])("%s is left to the API", (_, path, method) => {
  expect(ask(path, {}, method)).toBeUndefined();
});

test("without a built dashboard all else works, and it is said what builds it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-test-"));
  const empty = readDashboard(folder);
  rmSync(folder, { recursive: true });
  expect(empty.note).toContain("npm run dashboard");
  const answer = empty.answer(new Request("http://127.0.0.1:8081/"))!;
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("npm run dashboard");
  expect(empty.answer(new Request("http://127.0.0.1:8081/environments"))).toBeUndefined();
});
