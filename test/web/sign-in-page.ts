import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { securityHeaders } from "../../web/headers.ts";
import { openPage } from "./browser.ts";
import type { Shared } from "./system.ts";

const DIST = join(__dirname, "../../web/dist");
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
};
const CLIENT_ID = "shadowgraph-pages";

const listen = async (listener: RequestListener): Promise<{ readonly server: Server; readonly url: string }> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
};

/** An OIDC issuer that holds a client to PKCE, and knows one person. */
const startIssuer = async () => {
  const granted = new Map<string, URLSearchParams>();
  const asked: URLSearchParams[] = [];
  let tokens = 0;
  const issuer = await listen(async (request, response) => {
    const url = new URL(request.url ?? "/", issuer.url);
    response.setHeader("access-control-allow-origin", "*");
    if (url.pathname.endsWith("openid-configuration"))
      return response.end(
        JSON.stringify({ authorization_endpoint: `${issuer.url}/authorize`, token_endpoint: `${issuer.url}/token` }),
      );
    if (url.pathname === "/authorize") {
      const code = `code-${granted.size}`;
      granted.set(code, url.searchParams);
      const back = new URL(url.searchParams.get("redirect_uri")!);
      back.searchParams.set("code", code);
      back.searchParams.set("state", url.searchParams.get("state")!);
      return response.writeHead(302, { location: String(back) }).end();
    }
    const form = new URLSearchParams(await textOf(request));
    asked.push(form);
    const grant = granted.get(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isGood = form.get("grant_type") === "refresh_token" || challenge === grant?.get("code_challenge");
    if (!isGood) return response.writeHead(400).end(JSON.stringify({ error: "invalid_grant" }));
    const claims = Buffer.from(JSON.stringify({ name: "Ana Müller", nonce: grant?.get("nonce") })).toString(
      "base64url",
    );
    const token = { access_token: `token-${++tokens}`, id_token: `e30.${claims}.x`, refresh_token: "again" };
    // The first one ends at once.
    response.end(JSON.stringify({ ...token, expires_in: tokens === 1 ? 1 : 3_600 }));
  });
  return { ...issuer, asked };
};

/** As on AWS: the pages at one origin, the API at another that wants a token, an issuer at a third. */
const startSite = async (apiUrl: string) => {
  const issuer = await startIssuer();
  const authorizations: string[] = [];
  const api = await listen(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    if (request.method === "OPTIONS") return response.end();
    authorizations.push(request.headers.authorization ?? "");
    if (!/^Bearer token-\d+$/.test(request.headers.authorization ?? "")) return response.writeHead(401).end();
    const answer = await fetch(`${apiUrl}${request.url}`);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(await answer.text());
  });
  const config = { api: api.url, signIn: { issuer: issuer.url, clientId: CLIENT_ID } };
  const pages = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    const path = pathname === "/" ? "/index.html" : pathname;
    const type = TYPES[path.split(".").at(-1) ?? ""] ?? "application/json";
    response.writeHead(200, { ...securityHeaders([api.url, issuer.url]), "content-type": type });
    response.end(path === "/config.json" ? JSON.stringify(config) : readFileSync(join(DIST, path)));
  });
  const stop = () => {
    for (const { server } of [issuer, api, pages]) {
      server.close();
      server.closeAllConnections();
    }
  };
  return { url: pages.url, issuer, authorizations, stop };
};

export const signInPage = (shared: () => Shared): void => {
  test("people sign in with the issuer of config.json (PKCE), come back to where they were, and their token goes with every call", async () => {
    const site = await startSite(shared().url);
    const context = await shared().browser.newContext();
    try {
      const { page, troubles } = await openPage(context, "http://127.0.0.1");
      await page.goto(`${site.url}/#/env/local/findings?kind=type`);
      await page.getByText("Ana Müller").waitFor();
      await page.getByRole("table", { name: "Findings" }).getByText("body/price").waitFor();
      expect(page.url()).toBe(`${site.url}/#/env/local/findings?kind=type`);
      const [code, refresh] = site.issuer.asked;
      expect(code!.get("client_id")).toBe(CLIENT_ID);
      // The first token had ended before it could be used.
      expect(refresh!.get("grant_type")).toBe("refresh_token");
      expect(site.authorizations.length).toBeGreaterThan(1);
      expect(new Set(site.authorizations)).toEqual(new Set(["Bearer token-2"]));
      expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).toBe("{}");
      expect(troubles).toEqual([]);
    } finally {
      await context.close();
      site.stop();
    }
  });

  test("an answer that belongs to another attempt signs nobody in", async () => {
    const site = await startSite(shared().url);
    const context = await shared().browser.newContext();
    try {
      const { page } = await openPage(context, "http://127.0.0.1");
      await page.addInitScript(() =>
        sessionStorage.setItem(
          "shadowgraph.sign-in",
          JSON.stringify({ state: "ours", nonce: "n", verifier: "v", hash: "" }),
        ),
      );
      await page.goto(`${site.url}/?code=stolen&state=theirs`);
      await page.getByRole("alert").getByText("its answer belongs to another attempt").waitFor();
      expect(site.issuer.asked).toEqual([]);
    } finally {
      await context.close();
      site.stop();
    }
  });
};
