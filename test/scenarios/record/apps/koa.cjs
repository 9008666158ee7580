const Koa = require("koa");
const app = new Koa();
app.silent = true;
const routes = {
  "/order": (ctx) => (ctx.body = { id: 1, total: 12.5, city: "Köln" }),
  "/text": (ctx) => (ctx.body = "hello"),
  "/html": (ctx) => (ctx.body = "<p>hello</p>"),
  "/go": (ctx) => ctx.redirect("/text?a=b c"),
  "/boom": () => {
    throw new Error("boom");
  },
  "/teapot": (ctx) => ctx.throw(418, "short and stout"),
  "/null": (ctx) => (ctx.body = null),
  "/cookie": (ctx) => {
    ctx.cookies.set("sid", "1", { maxAge: 60000 });
    ctx.body = "set";
  },
  "/query": (ctx) => (ctx.body = ctx.query),
};
app.use((ctx) => routes[ctx.path]?.(ctx));
app.listen(Number(process.argv[2]), "127.0.0.1");
