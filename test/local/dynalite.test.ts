import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

test("every query closes its LevelDB iterator, so that a long run of the local system does not grow", async () => {
  const script = fileURLToPath(new URL("./iterators-child.ts", import.meta.url));
  const [counts] = await once(fork(script, { execArgv: [] }), "message");
  expect(counts.opened).toBeGreaterThanOrEqual(42);
  expect(counts.closed).toBe(counts.opened);
});
