import { pathOf } from "./http.mjs";
import { createShadowTest, withShadow } from "./shadow.mjs";

/** A plugin for Fastify. `request.shadow` says what it found. */
export const shadow = (fastify, options, done) => {
  const { keys, now } = options;
  const isShadowRequest = createShadowTest({ ...(keys && { keys }), ...(now && { now }) });
  fastify.decorateRequest("shadow", false);
  // After the body was read, which loses what belongs to the request.
  fastify.addHook("preHandler", (request, _reply, next) => {
    const { method, headers, url = "" } = request.raw;
    request.shadow = isShadowRequest({ method, path: pathOf(url), headers });
    withShadow(request.shadow, next);
  });
  done();
};
// For all routes, not only those of the plugin itself (what fastify-plugin does).
shadow[Symbol.for("skip-override")] = true;
