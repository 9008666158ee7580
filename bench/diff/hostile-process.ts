// One hostile pair, in a process of its own that may be given up: `node hostile-process.ts <ours|jsondiffpatch> <index>`
import { create } from "jsondiffpatch";
import { marksOf } from "../../core/noise/odd.ts";
import type { StoredResponded } from "../../core/segment/segment.ts";
import { HOSTILE } from "../../test/core/diff/hostile.ts";
import { cpuMsOf, medianOf } from "./cpu.ts";

const RUNS = 5;

const textOf = ({ body }: StoredResponded): string =>
  body.kind === "content" ? Buffer.from(body.content).toString("utf8") : "";

/** As it comes, but by id where there is one, which spares it the worst. */
const patcher = create({ objectHash: (item, index) => (item as { id?: string }).id ?? `#${index}` });

const SUBJECTS: Readonly<Record<string, (left: StoredResponded, right: StoredResponded) => () => unknown>> = {
  // A pair with its secondary: three answers read, three comparisons, the values shown and hashed.
  ours: (left, right) => () => marksOf(left, right, { ...left, body: { ...left.body, hash: "another" } }, 0),
  jsondiffpatch: (left, right) => () => patcher.diff(JSON.parse(textOf(left)), JSON.parse(textOf(right))),
};

const [name = "", index = ""] = process.argv.slice(2);
const pair = HOSTILE[Number(index)];
const make = SUBJECTS[name];
if (pair === undefined || make === undefined) throw new Error(`no such subject or pair: ${name} ${index}`);
const run = make(pair.left(), pair.right());
// What making the pair left behind is not to be paid for here.
globalThis.gc?.();
const first = cpuMsOf(run);
process.send?.({ first, median: first });
// What takes seconds takes them each time.
const again = first > 1_000 ? [first] : Array.from({ length: RUNS }, () => cpuMsOf(run));
process.send?.({ first, median: medianOf(again) });
