import sys
from wsgiref.simple_server import make_server
import falcon


class Order:
    def on_get(self, _req, resp, id):
        resp.media = {"id": id, "total": 12.5, "city": "Köln"}

    def on_post(self, req, resp, id):
        resp.media = {"id": id, "got": req.media}


class Text:
    def on_get(self, _req, resp):
        resp.text = "hello"


class Go:
    def on_get(self, _req, _resp):
        raise falcon.HTTPFound("/text")


class Cookie:
    def on_get(self, _req, resp):
        resp.set_cookie("sid", "1", max_age=60)
        resp.text = "set"


class Query:
    def on_get(self, req, resp):
        resp.media = {"params": req.params, "n": req.get_param_as_int("n", required=True)}


class Boom:
    def on_get(self, _req, _resp):
        raise ValueError("boom")


app = falcon.App()
app.add_route("/order/{id:int}", Order())
app.add_route("/text", Text())
app.add_route("/go", Go())
app.add_route("/cookie", Cookie())
app.add_route("/query", Query())
app.add_route("/boom", Boom())
make_server("127.0.0.1", int(sys.argv[1]), app).serve_forever()
