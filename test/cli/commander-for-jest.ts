import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";

// commander 15 is an ES module only, which jest does not load and its config does not transform: bundled here as CommonJS.
const entry = join(__dirname, "../../node_modules/commander/index.js");
const { outputFiles } = buildSync({
  entryPoints: [entry],
  bundle: true,
  platform: "node",
  format: "cjs",
  write: false,
});
const bundled = { exports: {} };
new Function("module", "exports", "require", outputFiles[0]!.text)(bundled, bundled.exports, createRequire(entry));

export const commander = bundled.exports;
