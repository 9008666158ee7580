import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "shadowgraph-synth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;

/** Where an app may write its cloud assembly, until the tests of the file have ended; by itself it would leave it behind. */
export const newOutdir = (): string => join(folder, String(made++));
