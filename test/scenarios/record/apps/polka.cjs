const polka = require("polka");
const app = polka();
app.get("/order/:id", (req, res) => res.end(JSON.stringify({ id: req.params.id, query: req.query })));
app.get("/text", (_req, res) => res.end("hello"));
app.get("/boom", () => {
  throw new Error("boom");
});
app.get("/wild/*", (req, res) => res.end(JSON.stringify(req.params)));
app.listen(Number(process.argv[2]), "127.0.0.1");
