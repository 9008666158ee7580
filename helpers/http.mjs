import { createShadowTest, withShadow } from "./shadow.mjs";

/** `target` as it was sent, without the query. */
export const pathOf = (target) => {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
};

/** For node:http: runs `listener` so that `isShadow()` holds inside, and `request.shadow` says the same. */
export const shadowListener = (listener, options) => {
  const isShadowRequest = createShadowTest(options);
  return (request, response) => {
    const { method = "", url = "", headers } = request;
    request.shadow = isShadowRequest({ method, path: pathOf(url), headers });
    return withShadow(request.shadow, () => listener(request, response));
  };
};
