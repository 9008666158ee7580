import { createHmac } from "node:crypto";
import { createKeyedHash } from "../core/capture/keyed-hash.ts";
import { createRedactor } from "../core/capture/redact.ts";
import { createClusterOf } from "../core/segment/cluster.ts";
import type { StoreOptions } from "../core/segment/safe-body.ts";
import type { Source } from "./batch.ts";
import type { Limits } from "./limits.ts";

/** How pairs of a source are made fit to leave the process. */
export type Storing = (source: Source) => StoreOptions;

/** Runs that one tee is at; at the bound all is made anew as it is asked for. */
const MAX_KEPT = 64;

/**
 * Made once for a run and what is redacted of it. Each run has a key of its own, so that nothing links the values of two runs.
 * @param key never leaves the process
 */
export const createStoring = (
  key: Uint8Array,
  { maxStoredBodyBytes, maxDecodedBytes }: Pick<Limits, "maxStoredBodyBytes" | "maxDecodedBytes">,
): Storing => {
  const made = new Map<string, StoreOptions>();
  const make = ({ key: run, redaction }: Source): StoreOptions => {
    const keyOfRun = createHmac("sha256", key).update(run).digest();
    const hash = createKeyedHash(keyOfRun);
    return {
      redactor: createRedactor(keyOfRun, redaction === "" ? undefined : JSON.parse(redaction)),
      hash,
      clusterOf: createClusterOf(hash),
      maxStoredBodyBytes,
      maxDecodedBytes,
    };
  };
  let last: Source | undefined;
  let options: StoreOptions | undefined;
  return (source) => {
    if (source === last && options !== undefined) return options;
    const name = `${source.key}\n${source.redaction}`;
    options = made.get(name);
    if (options === undefined) {
      options = make(source);
      if (made.size >= MAX_KEPT) made.clear();
      made.set(name, options);
    }
    last = source;
    return options;
  };
};
