import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ShadowgraphError } from "../../core/errors.ts";
import type { ApiDeps } from "./deps.ts";
import { parseInput } from "./faults.ts";
import { problemOf, problemResponse } from "./problem.ts";
import { Accepted, type Route, TextAnswer } from "./route.ts";
import { ROUTES } from "./routes.ts";

export const MAX_BODY_BYTES = 1_048_576;

/** The HTTP API: the same app under API Gateway and under the local server. */
export const createApi = (deps: ApiDeps): Hono => {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    // Answers are of the moment, and some hold text that others wrote: nobody keeps them, no browser guesses their type.
    context.res.headers.set("cache-control", "no-store");
    context.res.headers.set("x-content-type-options", "nosniff");
  });
  app.use(conditional);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => refuse(tooLarge()) }));
  for (const route of ROUTES) {
    app.on(route.method, honoPath(route.path), (context) => answer(route, context, deps));
  }
  app.notFound((context) => unknownRoute(context.req.method, context.req.path));
  app.onError((error) => {
    const problem = problemOf(error);
    if (problem.status >= 500) deps.onFault?.(error);
    return problemResponse(problem);
  });
  return app;
};

const answer = async (route: Route, context: Context, deps: ApiDeps): Promise<Response> => {
  const input = {
    params: parseInput(route.params, context.req.param(), "path"),
    query: parseInput(route.query, context.req.query(), "query"),
    body: route.body === null ? undefined : parseInput(route.body, await jsonOf(context), "body"),
  };
  const call = { ...deps, who: deps.who(context.req.raw, context.env) };
  const answered = await route.handle(input as Parameters<Route["handle"]>[0], call);
  if (answered instanceof Accepted) return context.json(answered.value as object, 202);
  if (route.status === 204) return new Response(null, { status: 204 });
  if (answered instanceof TextAnswer)
    return new Response(answered.text, { headers: { "content-type": answered.mediaType } });
  return context.json(answered as object, route.status);
};

/** Who asks again and again names what it has by its ETag, and gets it once (RFC 9110 13.1.2). Weak: the same meaning, not the same bytes. */
const conditional: MiddlewareHandler = async (context, next) => {
  await next();
  if (context.req.method !== "GET" || context.res.status !== 200) return;
  const text = await context.res.clone().text();
  const tag = `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const known = context.req.header("if-none-match")?.split(",") ?? [];
  const isKnown = known.some((one) => one.trim() === tag);
  if (isKnown) context.res = new Response(null, { status: 304 });
  context.res.headers.set("etag", tag);
};

/** An empty body is an empty object, so that a request whose fields are all optional needs none. */
const jsonOf = async (context: Context): Promise<unknown> => {
  const text = await context.req.text();
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `must be JSON; got text that is none: ${cause instanceof Error ? cause.message : ""}`;
    throw new ShadowgraphError("invalid-input", "the body is no JSON", { cause, faults: [{ field: "body", message }] });
  }
};

const unknownRoute = (method: string, path: string): Response => {
  const allowed = ROUTES.filter((route) => pathPattern(route.path).test(path)).map((route) => route.method);
  if (allowed.length === 0) return refuse(new ShadowgraphError("not-found", "there is no such path in this API"));
  const allow = allowed.join(", ");
  const problem = problemOf(new ShadowgraphError("not-found", `this path knows no ${method}; allowed: ${allow}`));
  return problemResponse(problem, { allow });
};

const tooLarge = () => new ShadowgraphError("too-large", `the body is over ${MAX_BODY_BYTES} bytes`);

const refuse = (error: ShadowgraphError): Response => problemResponse(problemOf(error));

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

const pathPattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
