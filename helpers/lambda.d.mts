import type { MarkOptions } from "./marks.mjs";

/** For Lambda behind API Gateway (1.0 and 2.0), a function URL or a load balancer: runs `handler` so that `isShadow()` holds inside. */
export declare const shadowHandler: <Event, Rest extends readonly unknown[], T>(
  handler: (event: Event, ...rest: Rest) => T,
  options?: MarkOptions,
) => (event: Event, ...rest: Rest) => T;
