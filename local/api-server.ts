import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { ShadowgraphError } from "../core/errors.ts";
import { problemOf, problemResponse } from "../lambdas/api/problem.ts";
import { portFault } from "./port.ts";

export interface ApiServer {
  readonly url: string;
  close(): Promise<void>;
}

type Fetch = (request: Request) => Response | Promise<Response>;

/** Serves the API on 127.0.0.1, to this machine's own pages and programs alone. @throws ShadowgraphError "conflict" */
export const startApiServer = async (fetch: Fetch, port: number): Promise<ApiServer> => {
  let allowed: ReadonlySet<string> = new Set();
  const server = createAdaptorServer({
    fetch: (request) => refusalOf(request, allowed) ?? fetch(request),
    hostname: "127.0.0.1",
  });
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw portFault(cause, port, "--api-port");
  }
  const at = (server.address() as AddressInfo).port;
  allowed = new Set(["localhost", "127.0.0.1", "[::1]"].map((name) => `${name}:${at}`));
  return {
    url: `http://127.0.0.1:${at}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
};

/**
 * A web page that the user has open must not steer the API. Its own name may be made to resolve to 127.0.0.1 (DNS
 * rebinding), so the Host must be ours; and it may send a form or a fetch to our address, so an Origin must be ours.
 * Browsers send an Origin with every request that is no plain GET or HEAD, and those change nothing here.
 */
const refusalOf = (request: Request, allowed: ReadonlySet<string>): Response | undefined => {
  const host = request.headers.get("host")?.toLowerCase() ?? "";
  if (!allowed.has(host)) return refuse(`the Host "${host}" is not this server: ${[...allowed].join(", ")}`);
  const origin = request.headers.get("origin")?.toLowerCase();
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(`pages of the origin "${origin}" may not use this API`);
  return undefined;
};

const refuse = (message: string): Response => problemResponse(problemOf(new ShadowgraphError("forbidden", message)));
