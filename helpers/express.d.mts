import type { IncomingMessage } from "node:http";
import type { MarkOptions } from "./marks.mjs";

/** Middleware for Express, Connect and the like; after those that read the body. `request.shadow` says what it found. */
export declare const shadow: (
  options?: MarkOptions,
) => (
  request: IncomingMessage & { originalUrl?: string; shadow?: boolean },
  response: unknown,
  next: () => void,
) => void;
