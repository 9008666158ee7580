import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleTee } from "../../lib/tee-bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "tee-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await bundleTee(folder);
});

const SAY_AT_END = `process.on("exit", () => {
  const fetchClients = process.moduleLoadList.filter((name) => name.includes("undici")).length;
  console.log("at its end " + fetchClients);
});`;

// Nothing tells them what to do, so they end once all is loaded.
test.each(["main.mjs", "shipper-thread.mjs"])("%s does not load Node's fetch client, which nobody asks", (file) => {
  const program = `${SAY_AT_END} await import(${JSON.stringify(join(folder, file))});`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  expect(stdout).toContain("at its end 0");
});

test.each(["main.mjs", "shipper-thread.mjs"])("%s makes no getter for each byte of llhttp", (file) => {
  const bundle = readFileSync(join(folder, file), "utf8");
  expect(bundle).toMatch(/__toESM\(require_llhttp_binary/);
  expect(bundle).not.toMatch(/__toESM\(require_llhttp_simd_wasm/);
});
