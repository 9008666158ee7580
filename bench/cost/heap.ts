import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes of V8's heap that what `make` gives holds on to. */
export const heapOf = async (make: () => Promise<unknown>): Promise<number> => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  const before = process.memoryUsage().heapUsed;
  const held = await make();
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  return held === undefined ? 0 : Math.max(0, bytes);
};
