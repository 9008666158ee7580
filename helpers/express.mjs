import { pathOf } from "./http.mjs";
import { createShadowTest, withShadow } from "./shadow.mjs";

/** Middleware for Express, Connect and the like; after those that read the body. `request.shadow` says what it found. */
export const shadow = (options) => {
  const isShadowRequest = createShadowTest(options);
  return (request, _response, next) => {
    // Routers that are mounted cut `url`; what was signed is what was sent.
    const { method, originalUrl, url, headers } = request;
    request.shadow = isShadowRequest({ method, path: pathOf(originalUrl ?? url), headers });
    withShadow(request.shadow, next);
  };
};
