import asyncio
import sys
import tornado.web


class Order(tornado.web.RequestHandler):
    def get(self, id):
        self.write({"id": int(id), "total": 12.5, "city": "Köln"})


class Text(tornado.web.RequestHandler):
    def get(self):
        self.write("hello")


class Go(tornado.web.RequestHandler):
    def get(self):
        self.redirect("/text")


class Cookie(tornado.web.RequestHandler):
    def get(self):
        self.set_cookie("sid", "ab", httponly=True)
        self.write("set")


class Echo(tornado.web.RequestHandler):
    def post(self):
        self.write({"name": self.get_body_argument("name")})


async def main():
    routes = [(r"/order/(\d+)", Order), ("/text", Text), ("/go", Go), ("/cookie", Cookie), ("/echo", Echo)]
    files = (r"/site/(.*)", tornado.web.StaticFileHandler, {"path": "site"})
    tornado.web.Application([*routes, files]).listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
