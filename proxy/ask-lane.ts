import type { MirrorEnd, MirrorRequest } from "./mirror-connection.ts";
import type { MirrorPool } from "./mirror-pool.ts";

/** A request of the tee's own, by the way that mirrors go: its answer is read whatever the primary's is, within the limits of the pool. */
export const askLane = (
  pool: MirrorPool,
  request: Pick<MirrorRequest, "head" | "body" | "method" | "isSafe">,
): Promise<MirrorEnd> =>
  new Promise((end) => pool.send({ ...request, hold: () => true, sameAnswer: () => undefined, end }));
