#!/usr/bin/env node
// Only what every Node can say before anything newer is loaded.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`shadowgraph needs Node 22.18 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}
const { run } = await import("../cli/main.ts");
const { processIo } = await import("../cli/io.ts");
process.exitCode = await run(process.argv.slice(2), processIo());

export {};
