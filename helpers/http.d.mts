import type { IncomingMessage, ServerResponse } from "node:http";
import type { MarkOptions } from "./marks.mjs";

export declare const pathOf: (target: string) => string;

/** For node:http: runs `listener` so that `isShadow()` holds inside, and `request.shadow` says the same. */
export declare const shadowListener: <T>(
  listener: (request: IncomingMessage & { shadow: boolean }, response: ServerResponse) => T,
  options?: MarkOptions,
) => (request: IncomingMessage, response: ServerResponse) => T;
