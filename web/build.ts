// Builds the dashboard into web/dist: `npm run dashboard`, and `npm ci` by itself.
import { createHash } from "node:crypto";
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const web = join(root, "web");
export const DIST = join(web, "dist");
/** Names in dist the sources that it was made of. */
const STAMP = ".sources";
const COMPRESSED = /\.(?:html|js|css|svg|json)$/;

/** A hash of all that the build reads. */
export const sourcesStamp = (): string => {
  const hash = createHash("sha256");
  const files = ["web/index.html", "web/build.ts", "package-lock.json"];
  const folders = ["web/src/**/*.*", "web/public/*", "core/**/*.ts"];
  for (const path of [...files, ...globSync(folders, { cwd: root })].sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
};

/** What dist was made of; undefined where there is none. */
export const builtStamp = (folder: string = DIST): string | undefined => {
  try {
    return readFileSync(join(folder, STAMP), "utf8");
  } catch {
    return undefined;
  }
};

const build = async (): Promise<void> => {
  const { build: bundle } = await import("vite");
  const stamp = sourcesStamp();
  mkdirSync(join(web, ".build"), { recursive: true });
  const outDir = mkdtempSync(join(web, ".build", "new-"));
  try {
    await bundle({
      configFile: false,
      root: web,
      base: "./",
      logLevel: "warn",
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: { outDir, emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
    });
    for (const path of globSync("**/*.*", { cwd: outDir }).filter((name) => COMPRESSED.test(name))) {
      const bytes = readFileSync(join(outDir, path));
      writeFileSync(join(outDir, `${path}.gz`), gzipSync(bytes, { level: 9 }));
      writeFileSync(join(outDir, `${path}.br`), brotliCompressSync(bytes));
    }
    writeFileSync(join(outDir, STAMP), stamp);
    chmodSync(outDir, 0o755);
    putInPlace(outDir, stamp);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
};

/** Where another build was quicker with the same sources, its result stays. */
const putInPlace = (outDir: string, stamp: string): void => {
  rmSync(DIST, { recursive: true, force: true });
  try {
    renameSync(outDir, DIST);
  } catch (fault) {
    if (builtStamp() !== stamp) throw fault;
  }
};

const isWithoutVite = (fault: unknown): boolean =>
  fault instanceof Error &&
  "code" in fault &&
  fault.code === "ERR_MODULE_NOT_FOUND" &&
  fault.message.includes("'vite'");

if (process.argv[1] === fileURLToPath(import.meta.url) && builtStamp() !== sourcesStamp())
  build().catch((fault) => {
    // Who installs without development dependencies gets no dashboard, and all else.
    if (!isWithoutVite(fault)) throw fault;
    console.error("the dashboard is not built: vite is not installed (npm ci without --omit=dev)");
  });
