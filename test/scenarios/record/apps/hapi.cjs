const Hapi = require("@hapi/hapi");
const server = Hapi.server({ port: Number(process.argv[2]), host: "127.0.0.1", routes: { cors: true } });
server.route([
  { method: "GET", path: "/order/{id}", handler: (request) => ({ id: request.params.id, total: 12.5 }) },
  { method: "GET", path: "/text", handler: () => "hello" },
  { method: "GET", path: "/go", handler: (_request, h) => h.redirect("/text") },
  { method: "GET", path: "/cookie", handler: (_request, h) => h.response("set").state("sid", "1") },
  { method: "GET", path: "/etag", handler: (_request, h) => h.response({ a: 1 }).etag("abc") },
  {
    method: "GET",
    path: "/boom",
    handler: () => {
      throw new Error("boom");
    },
  },
  { method: "POST", path: "/order", handler: (request) => request.payload },
]);
server.start();
