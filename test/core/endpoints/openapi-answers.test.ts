import { OpenApiFile } from "../../../core/endpoints/openapi.ts";
import { answersIn } from "../../../core/endpoints/openapi-answers.ts";
import { sampleOf } from "../../../core/endpoints/schema-sample.ts";

const answers = (file: object) => answersIn(OpenApiFile.parse(file));

test("an answer is the example of the first success; paths that are given stand before those with parameters", () => {
  const json = (content: object) => ({ content: { "application/json": content } });
  const file = {
    servers: [{ url: "https://x/v1" }],
    paths: {
      "/orders/{id}": {
        get: { responses: { 404: json({ example: "no" }), 200: json({ example: { id: 1 }, schema: {} }) } },
        delete: { responses: { 204: { description: "gone" } } },
      },
      "/orders/last": {
        get: { responses: { "2XX": json({ examples: { one: { $ref: "#/components/examples/last" } } }) } },
      },
      "/text": { get: { responses: { default: { content: { "text/csv": { example: "a,b" } } } } } },
      "/nothing": { get: { responses: { 500: json({ example: 1 }) } } },
    },
    components: { examples: { last: { value: { id: 9 } } } },
  };
  expect(answers(file)).toEqual([
    { on: "GET /v1/orders/last", status: 200, headers: { "content-type": "application/json" }, json: { id: 9 } },
    { on: "GET /v1/text", status: 200, headers: { "content-type": "text/csv" }, text: "a,b" },
    { on: "GET /v1/orders/{id}", status: 200, headers: { "content-type": "application/json" }, json: { id: 1 } },
    { on: "DELETE /v1/orders/{id}", status: 204, headers: {} },
  ]);
});

test("Swagger 2: examples by media type, else by the schema", () => {
  const file = {
    basePath: "/v2",
    produces: ["application/json"],
    paths: {
      "/a": { get: { responses: { 200: { examples: { "application/json": [1] } } } } },
      "/b": { post: { responses: { 201: { schema: { $ref: "#/definitions/b" } } } } },
    },
    definitions: { b: { type: "object", properties: { at: { type: "string", format: "date-time" } } } },
  };
  expect(answers(file)).toEqual([
    { on: "GET /v2/a", status: 200, headers: { "content-type": "application/json" }, json: [1] },
    {
      on: "POST /v2/b",
      status: 201,
      headers: { "content-type": "application/json" },
      json: { at: "2000-01-01T00:00:00Z" },
    },
  ]);
});

test.each([
  [{ type: "integer", minimum: 3 }, 3],
  [{ type: "integer", exclusiveMinimum: 3 }, 4],
  [{ type: "number", maximum: -2 }, -2],
  [{ type: "string", minLength: 6 }, "textxx"],
  [{ type: "string", maxLength: 2 }, "te"],
  [{ type: ["null", "boolean"] }, true],
  [{ enum: ["b", "a"] }, "b"],
  [{ const: 0 }, 0],
  [{ default: [] }, []],
  [{ type: "array", items: { type: "integer" }, minItems: 2 }, [0, 0]],
  [{ oneOf: [{ const: "x" }, { const: "y" }] }, "x"],
  [{ allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] }, { a: 1, b: 2 }],
  [{ properties: { a: { type: "boolean" }, secret: { type: "string", writeOnly: true } } }, { a: true }],
  ["nonsense", {}],
])("a sample of %j is %j", (schema, sample) => {
  expect(sampleOf({}, schema)).toEqual(sample);
});

test("a schema that contains itself, or asks for a million items, ends", () => {
  const file = {
    a: { properties: { next: { $ref: "#/a" }, list: { type: "array", minItems: 1e6, items: { $ref: "#/a" } } } },
  };
  expect(JSON.stringify(sampleOf(file, { $ref: "#/a" })).length).toBeLessThan(100_000);
});
