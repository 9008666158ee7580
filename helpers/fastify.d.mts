import type { MarkOptions } from "./marks.mjs";

/** A plugin for Fastify: `fastify.register(shadow)`. `request.shadow` says what it found. */
export declare const shadow: (
  // biome-ignore lint/suspicious/noExplicitAny: nothing of Fastify is needed to use the other helpers
  fastify: any,
  options: MarkOptions,
  done: (error?: Error) => void,
) => void;
