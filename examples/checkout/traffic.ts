import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";

/** Looks at carts, each request with a trace of its own. Resolves with the number of requests that failed. */
export const lookAtCarts = async (url: string, requests: number): Promise<number> => {
  let failed = 0;
  for (let sent = 0; sent < requests; sent++) {
    const traceparent = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
    const answer = await fetch(`${url}/carts/${1 + (sent % 40)}`, { headers: { traceparent } }).catch(() => undefined);
    if (answer?.ok !== true) failed++;
    else await answer.arrayBuffer();
  }
  return failed;
};

if (process.argv[1]?.endsWith("traffic.ts") === true) {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: "http://127.0.0.1:8080" },
      requests: { type: "string", default: "200" },
    },
  });
  void lookAtCarts(values.url, Number(values.requests)).then((failed) => {
    console.log(`${failed} of ${values.requests} requests failed`);
  });
}
