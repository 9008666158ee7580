import { createKeyedHash } from "../../../core/capture/keyed-hash.ts";
import { createRedactor } from "../../../core/capture/redact.ts";
import { createClusterOf } from "../../../core/segment/cluster.ts";
import type { StoreOptions } from "../../../core/segment/safe-body.ts";

const key = Buffer.from("key");
export const options: StoreOptions = {
  redactor: createRedactor(key),
  hash: createKeyedHash(key),
  clusterOf: createClusterOf(createKeyedHash(key)),
  maxStoredBodyBytes: 1_000,
  maxDecodedBytes: 100_000,
};
