import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside ask for Node's own modules in their way. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * Node reads every export of what an ES module imports, and one of `node:http` is a getter that loads its whole fetch client: 10 MB in each thread.
 * Asked for in this way it is loaded where it is used, which is nowhere here.
 */
const httpAlone: Plugin = {
  name: "http-alone",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path, namespace: "http-alone" }));
    onLoad({ filter: /./, namespace: "http-alone" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("${path}");`,
    }));
  },
};

/**
 * Writes the tee as two files without dependencies, one for each thread: `main.mjs` and `shipper-thread.mjs`. What is shipped and what
 * benches measure: run from its sources a tee holds some 55 MB more, for stripping types and for the SDK in single modules.
 */
export const bundleTee = async (folder: string): Promise<{ readonly main: string }> => {
  await build({
    absWorkingDir: root,
    entryPoints: { main: "proxy/main.ts", "shipper-thread": "proxy/shipper-thread.ts", guard: "guard/main.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    minifyWhitespace: true,
    plugins: [httpAlone],
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
  return { main: `${folder}/main.mjs` };
};
