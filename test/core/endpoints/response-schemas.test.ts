import { OpenApiFile } from "../../../core/endpoints/openapi.ts";
import { ResponseSchemas, schemasIn } from "../../../core/endpoints/response-schemas.ts";

const USER = { type: "object", description: "a user", properties: { id: { type: "integer", example: 1 } } };
const json = (schema: unknown) => ({ description: "ok", content: { "application/json": { schema } } });
const read = (responses: unknown, rest: object = {}) =>
  schemasIn(OpenApiFile.parse({ openapi: "3.1.0", paths: { "/users/{name}": { get: { responses } } }, ...rest }));
const REF = "#/paths/~1users~1%7Bname%7D/get/responses/200/content/application~1json/schema";

test("an answer's schema is known by route and status, without what is not checked", () => {
  const { found, unread } = read({ "200": json(USER), "404": { description: "none" } });
  expect(unread).toEqual([]);
  expect(found.responses).toEqual({ "GET /users/{name}": { "200": REF } });
  expect(found.schemas).toEqual({ [REF]: { type: "object", properties: { id: { type: "integer" } } } });
  expect(ResponseSchemas.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
});

test("with all that it refers to, and nothing else", () => {
  const components = {
    schemas: {
      Page: { type: "array", items: { $ref: "#/components/schemas/User" } },
      User: { ...USER, properties: { friend: { $ref: "#/components/schemas/User" } } },
      Unused: { type: "string" },
    },
  };
  const { found } = read({ "200": json({ $ref: "#/components/schemas/Page" }) }, { components });
  expect(Object.keys(found.schemas).toSorted()).toEqual([
    "#/components/schemas/Page",
    "#/components/schemas/User",
    REF,
  ]);
});

test("statuses by class and by default, responses that stand elsewhere, JSON by other names", () => {
  const components = {
    responses: { "a b": { content: { "application/problem+json; charset=utf-8": { schema: true } } } },
  };
  const responses = { "2xx": json(true), "4XX": { $ref: "#/components/responses/a%20b" }, default: json(false) };
  const { found } = read(responses, { components });
  expect(Object.keys(found.responses["GET /users/{name}"]!).toSorted()).toEqual(["2XX", "4XX", "default"]);
  expect(found.responses["GET /users/{name}"]!["4XX"]).toBe(
    "#/components/responses/a%20b/content/application~1problem%2Bjson%3B%20charset%3Dutf-8/schema",
  );
});

test("Swagger 2", () => {
  const definitions = { User: USER };
  const file = {
    swagger: "2.0",
    openapi: undefined,
    basePath: "/v1",
    definitions,
    responses: { Bad: { schema: { type: "string" } } },
  };
  const { found } = read(
    { "200": { schema: { $ref: "#/definitions/User" } }, "400": { $ref: "#/responses/Bad" } },
    file,
  );
  expect(found.responses["GET /v1/users/{name}"]).toEqual({
    "200": "#/paths/~1users~1%7Bname%7D/get/responses/200/schema",
    "400": "#/responses/Bad/schema",
  });
});

test.each<[title: string, schema: unknown, why: string]>([
  ["in another file", { $ref: "user.yaml#/User" }, "user.yaml#/User is another file: bundle them into one"],
  ["that is not there", { $ref: "#/components/schemas/None" }, "there is nothing at #/components/schemas/None"],
  ["that is none", { type: "text" }, `${REF} is no JSON Schema`],
  ["below one", { items: { properties: { a: { $ref: "#/x/y" } } } }, "there is nothing at #/x/y"],
])("a schema %s is left out, and said so", (_title, schema, why) => {
  const { found, unread } = read({ "200": json(schema), "404": json(true) });
  expect(found.responses).toEqual({ "GET /users/{name}": { "404": expect.any(String) } });
  expect(unread).toEqual([`GET /users/{name} 200: ${why}`]);
});

test.each([
  ["no responses", undefined],
  ["a list", []],
  ["answers without JSON", { "200": { content: { "text/html": { schema: {} } } } }],
])("an operation with %s has none", (_title, responses) => {
  expect(read(responses)).toEqual({ found: { responses: {}, schemas: {} }, unread: [] });
});

test("responses that refer to each other end", () => {
  const components = {
    responses: { A: { $ref: "#/components/responses/B" }, B: { $ref: "#/components/responses/A" } },
  };
  expect(read({ "200": { $ref: "#/components/responses/A" } }, { components }).found.responses).toEqual({});
});
