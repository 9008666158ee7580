import { readBaselineFile } from "../../cli/baseline-file.ts";
import { cliUnderTest } from "./cli-under-test.ts";

const OPENAPI = `openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: https://shop.example/api }]
paths:
  /users/{name}:
    get: { responses: { "200": { description: ok } } }
`;
const io = (files: Readonly<Record<string, string>>) => ({
  readFile: (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
    return text;
  },
});
const baseline = (service: string): string =>
  `name: shop\nservices:\n  web:\n    url: http://localhost:3000\n${service}`;

test("routes are those of the list and of the OpenAPI file beside it", () => {
  const files = {
    "deploy/baseline.yaml": baseline("    routes: [POST /orders]\n    openapi: ../api/openapi.yaml\n"),
    "api/openapi.yaml": OPENAPI,
  };
  expect(readBaselineFile(io(files), "deploy/baseline.yaml").file.services).toEqual({
    web: { url: "http://localhost:3000", routes: ["POST /orders", "GET /api/users/{name}"] },
  });
});

test("answers are said to have a schema; those whose schema cannot be used are named", async () => {
  const cli = cliUnderTest();
  const answer = (schema: string) => `{ description: ok, content: { application/json: { schema: ${schema} } } }`;
  const responses = (schema: string) => `get: { responses: { "200": ${answer(schema)} } }`;
  const openapi = `paths:\n  /a: { ${responses("{ type: object }")} }\n  /b: { ${responses('{ $ref: "b.yaml" }')} }\n`;
  Object.assign(cli.files, { "baseline.yaml": baseline("    openapi: openapi.yaml\n"), "openapi.yaml": openapi });
  const { exit, out, err } = await cli.run("baseline create --file baseline.yaml");
  expect([exit, err]).toEqual([
    0,
    "one answer is not checked against a schema:\n  openapi.yaml: GET /b 200: b.yaml is another file: bundle them into one\n",
  ]);
  expect(out).toContain("2 routes, 1 answer with a schema");
});

test("an OpenAPI file may be JSON", () => {
  const openapi = JSON.stringify({ openapi: "3.0.0", paths: { "/a": { get: {} } } });
  const files = { "baseline.yaml": baseline("    openapi: openapi.json\n"), "openapi.json": openapi };
  expect(readBaselineFile(io(files), "baseline.yaml").file.services.web?.routes).toEqual(["GET /a"]);
});

test("without either, none are given", () => {
  const { file } = readBaselineFile(io({ "baseline.yaml": baseline("") }), "baseline.yaml");
  expect(file.services).toEqual({ web: { url: "http://localhost:3000" } });
});

test.each<[title: string, service: string, openapi: string, says: string]>([
  ["a file that is not there", "    openapi: other.yaml\n", OPENAPI, "cannot read other.yaml: there is no such file"],
  ["one without paths", "    openapi: openapi.yaml\n", "openapi: 3.1.0\n", "paths"],
  [
    "one without operations",
    "    openapi: openapi.yaml\n",
    "paths: {}\n",
    "openapi.yaml has routes that cannot be used",
  ],
  ["a path that is none", "    openapi: openapi.yaml\n", "paths: { /a b: { get: {} } }\n", "GET /a b"],
  ["a route without method", "    routes: [/orders]\n", OPENAPI, "must be a method and a path"],
  ["a list of none", "    routes: []\n", OPENAPI, "routes"],
])("%s is refused", async (_title, service, openapi, says) => {
  const cli = cliUnderTest();
  Object.assign(cli.files, { "baseline.yaml": baseline(service), "openapi.yaml": openapi });
  const { exit, err } = await cli.run("baseline create --file baseline.yaml");
  expect(exit).toBe(2);
  expect(err).toContain(says);
});

test("the baseline shows how many routes were found", async () => {
  const cli = cliUnderTest();
  Object.assign(cli.files, { "baseline.yaml": baseline("    openapi: openapi.yaml\n"), "openapi.yaml": OPENAPI });
  const { exit, out } = await cli.run("baseline create --file baseline.yaml");
  expect([exit, out]).toEqual([0, expect.stringContaining("http://localhost:3000, 1 route")]);
});
