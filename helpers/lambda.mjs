import { createShadowTest, withShadow } from "./shadow.mjs";

/** For Lambda behind API Gateway (1.0 and 2.0), a function URL or a load balancer: runs `handler` so that `isShadow()` holds inside. */
export const shadowHandler = (handler, options) => {
  const isShadowRequest = createShadowTest(options);
  return (event, ...rest) => {
    const headers = headersOf(event);
    const method = event.requestContext?.http?.method ?? event.httpMethod ?? "";
    // A gateway may have decoded the path. Of safe requests it is not signed.
    const paths = [event.rawPath, event.path, event.requestContext?.path].filter((path) => typeof path === "string");
    const spelt = ["", ...paths.flatMap((path) => [path, encoded(path)])];
    const shadow = spelt.some((path) => isShadowRequest({ method, path, headers }));
    return withShadow(shadow, () => handler(event, ...rest));
  };
};

const encoded = (path) => {
  try {
    return encodeURI(path);
  } catch {
    return path;
  }
};

/** A header that came more than once is joined by commas, or listed. */
const headersOf = ({ headers, multiValueHeaders }) => {
  const all = {};
  for (const [name, value] of Object.entries(headers ?? {})) all[name.toLowerCase()] = value;
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    all[name.toLowerCase()] = values?.length === 1 ? values[0] : values;
  return all;
};
