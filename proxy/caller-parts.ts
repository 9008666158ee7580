import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import type { TeeMetrics } from "./metrics.ts";
import type { RequestHead } from "./request-head.ts";
import type { Target } from "./target.ts";

export interface CallerParts {
  readonly primary: Target;
  readonly limits: Limits;
  /** Starts to follow a request that is to be mirrored. */
  readonly begin: (head: RequestHead, bytes: Buffer, caller: string) => Exchange | undefined;
  readonly isDraining: () => boolean;
  readonly metrics: TeeMetrics;
  readonly closed: () => void;
}
