const path = require("node:path");
const express = require("express");
const app = express();
app.use("/static", express.static(path.resolve("site")));
app.use(express.json(), express.urlencoded({ extended: true }));
app.get("/order/:id", (req, res) => res.json({ id: req.params.id, total: 12.5, tags: ["a", "b"] }));
app.get("/query", (req, res) => res.json(req.query));
app.get("/text", (_req, res) => res.send("hello"));
app.get("/cookie", (_req, res) => res.cookie("sid", "1", { maxAge: 60000, httpOnly: true }).send("set"));
app.get("/clear", (_req, res) => res.clearCookie("sid", { maxAge: 1000 }).send("cleared"));
app.get("/go", (_req, res) => res.redirect("/text"));
app.get("/boom", () => {
  throw new Error("boom");
});
app.get("/vary", (_req, res) => res.vary("Accept").type("txt").send("vary"));
app.post("/echo", (req, res) => res.json({ body: req.body ?? null }));
app.listen(Number(process.argv[2]), "127.0.0.1");
