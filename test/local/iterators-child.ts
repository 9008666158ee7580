import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPorts } from "../../adapters/ports-of.ts";
import { startAws } from "../../local/aws.ts";

// For dynalite.test.ts: counts the LevelDB iterators that queries open and close.
const level = createRequire(import.meta.resolve("dynalite")).resolve("level");
const { AbstractIterator } = createRequire(level)("abstract-level");
const ofAllIterators = Object.getPrototypeOf(AbstractIterator.prototype);
const [opened, closed] = [new Set<object>(), new Set<object>()];
const { next, close } = ofAllIterators;
ofAllIterators.next = function count(this: object) {
  opened.add(this);
  return next.call(this);
};
ofAllIterators.close = function count(this: object) {
  closed.add(this);
  return close.call(this);
};

const main = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "shadowgraph-test-"));
  const aws = await startAws({ dataDir });
  const { verdicts } = createPorts(aws.adaptersEnv, aws.clients);
  for (let at = 0; at < 40; at++) {
    const verdict = at % 2 === 0 ? "SAFE" : "INVALID";
    await verdicts.append("ov-1", { at, run: "run-1", verdict, reason: "", pairs: 1 });
  }
  await verdicts.history("ov-1");
  await verdicts.latest("ov-1", "run-1");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const counts = { opened: opened.size, closed: closed.size };
  await aws.close();
  rmSync(dataDir, { recursive: true });
  process.send!(counts, () => process.exit(0));
};

void main();
