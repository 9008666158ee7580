// A process with two threads, one of which stands behind; says the niceness of both.
import { readFileSync } from "node:fs";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { standBehind } from "../../proxy/priority.ts";

/** proc(5): the 19th field of `stat`; the second one, in brackets, may hold spaces. */
const niceness = (): number => {
  const [, rest = ""] = readFileSync("/proc/thread-self/stat", "utf8").split(") ");
  return Number(rest.split(" ")[16]);
};

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.once("message", (its: number) => console.log(JSON.stringify([niceness(), its])));
} else {
  standBehind();
  parentPort?.postMessage(niceness());
}
