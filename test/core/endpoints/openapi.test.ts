import { OpenApiFile, routesIn } from "../../../core/endpoints/openapi.ts";

const paths = {
  "/users/{name}": { parameters: [], get: {}, put: {}, "x-team": "accounts" },
  "/orders/": { post: {}, summary: "orders" },
};
const routesOf = (file: object) => routesIn(OpenApiFile.parse({ openapi: "3.1.0", paths, ...file }));

test("every operation is a route", () => {
  expect(routesOf({})).toEqual(["GET /users/{name}", "PUT /users/{name}", "POST /orders"]);
});

test.each<[title: string, file: object, prefix: string]>([
  ["a server's path", { servers: [{ url: "https://api.example.com/v1/" }] }, "/v1"],
  ["a server's relative path", { servers: [{ url: "/v1" }] }, "/v1"],
  [
    "a server's path with variables",
    {
      servers: [
        { url: "{scheme}://x.example/{base}", variables: { scheme: { default: "https" }, base: { default: "v2" } } },
      ],
    },
    "/v2",
  ],
  ["a server without a path", { servers: [{ url: "https://api.example.com" }] }, ""],
  ["the base path of Swagger 2", { basePath: "/api" }, "/api"],
])("%s stands before each", (_title, file, prefix) => {
  expect(routesOf(file)).toEqual([`GET ${prefix}/users/{name}`, `PUT ${prefix}/users/{name}`, `POST ${prefix}/orders`]);
});

test("servers of one path count once, of several paths each", () => {
  const servers = ["https://a.example/v1", "https://b.example/v1", "/v2"].map((url) => ({ url }));
  expect(routesOf({ servers })).toHaveLength(6);
});
