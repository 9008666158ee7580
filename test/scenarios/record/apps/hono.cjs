const { Hono } = require("hono");
const { serve } = require("@hono/node-server");
const { setCookie } = require("hono/cookie");
const { cors } = require("hono/cors");
const { etag } = require("hono/etag");
const app = new Hono();
app.use("/open/*", cors());
app.use("/tagged", etag());
app.get("/order/:id", (c) => c.json({ id: c.req.param("id"), total: 12.5 }));
app.get("/text", (c) => c.text("hello"));
app.get("/html", (c) => c.html("<p>hello</p>"));
app.get("/go", (c) => c.redirect("/text"));
app.get("/open/a", (c) => c.json({ open: true }));
app.get("/tagged", (c) => c.text("tagged"));
app.get("/query", (c) => c.json(c.req.queries()));
app.get("/none", (c) => c.body(null, 204));
app.get("/cookie", (c) => {
  setCookie(c, "sid", "a b", { maxAge: 60 });
  return c.text("set");
});
app.get("/boom", () => {
  throw new Error("boom");
});
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
