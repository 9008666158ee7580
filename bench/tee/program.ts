import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleTee } from "../../lib/tee-bundle.ts";
import { MALLOC_ENV, NODE_FLAGS } from "../../proxy/node-flags.ts";
import { keep } from "./process.ts";

let bundled: Promise<string> | undefined;

/** Once for all tees of a bench: what is measured is what is shipped. */
const program = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-tee-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return (await bundleTee(folder)).main;
};

/** A tee in a process of its own, as it is shipped. */
export const forkTee = async (env: NodeJS.ProcessEnv, how: ForkOptions = {}): Promise<ChildProcess> => {
  bundled ??= program();
  const stdio: ForkOptions["stdio"] = ["ignore", "inherit", "inherit", "ipc"];
  return keep(fork(await bundled, { stdio, execArgv: [...NODE_FLAGS], ...how, env: { ...MALLOC_ENV, ...env } }));
};
