const app = require("fastify")();
const schema = { body: { type: "object", required: ["qty"], properties: { qty: { type: "integer" } } } };
app.get("/order/:id", async (request) => ({ id: request.params.id, total: 12.5 }));
app.get("/query", async (request) => request.query);
app.get("/text", async () => "hello");
app.get("/go", (_request, reply) => reply.redirect("/text"));
app.get("/boom", async () => {
  throw new Error("boom");
});
app.get("/nothing", (_request, reply) => reply.code(204).send());
app.post("/order", { schema }, async (request) => request.body);
app.delete("/order/:id", async () => ({ gone: true }));
app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
