import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openApiDocument } from "../../../lambdas/api/openapi-document.ts";
import { ROUTES } from "../../../lambdas/api/routes.ts";
import { apiUnderTest, type Loose } from "./api-under-test.ts";

type Json = Record<string, Loose>;
const document = openApiDocument() as Json;
const operations = Object.entries(document.paths as Json).flatMap(([path, methods]) =>
  Object.keys(methods as Json).map((method) => `${method.toUpperCase()} ${path}`),
);

test("the app, the table and the document have the same routes", () => {
  const table = ROUTES.map(({ method, path }) => `${method} ${path}`).sort();
  const mounted = apiUnderTest()
    .app.routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(operations.sort()).toEqual(table);
  expect(mounted.sort()).toEqual(table);
});

test("docs/openapi.json is up to date: `npm run openapi` writes it", () => {
  const written = readFileSync(join(__dirname, "../../../docs/openapi.json"), "utf8");
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(document)));
});

test("every reference leads somewhere", () => {
  const text = JSON.stringify(document);
  const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to!));
  expect(references.size).toBeGreaterThan(15);
  for (const reference of references) {
    const at = reference
      .slice(2)
      .split("/")
      .reduce<Json | undefined>((node, step) => node?.[step], document);
    expect([reference, at !== undefined]).toEqual([reference, true]);
  }
});

test("every operation has an id of its own, declares its path parameters and its problems", () => {
  const ids = Object.values(document.paths as Json).flatMap((methods) =>
    Object.values(methods).map((one: Loose) => one.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  for (const [path, methods] of Object.entries(document.paths as Json)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const one of Object.values(methods as Json)) {
      const declared = (one.parameters ?? []).filter((parameter: Json) => parameter.in === "path");
      expect(declared.map((parameter: Json) => parameter.name)).toEqual(named);
      expect(Object.keys(one.responses)).toEqual(expect.arrayContaining(["400", "500", "503"]));
    }
  }
});

test("a parameter is described by what it means, with its bounds and default", () => {
  const [limit] = document.paths["/environments/{id}/diffs"].get.parameters.filter((one: Json) => one.name === "limit");
  expect(limit).toMatchObject({
    in: "query",
    required: false,
    schema: { type: "integer", minimum: 1, maximum: 500, default: 50 },
  });
});
