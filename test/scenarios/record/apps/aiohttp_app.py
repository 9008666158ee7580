import sys
from aiohttp import web


async def order(request):
    return web.json_response({"id": int(request.match_info["id"]), "total": 12.5, "city": "Köln"})


async def text(_request):
    return web.Response(text="hello")


async def go(_request):
    raise web.HTTPFound("/text")


async def cookie(_request):
    answer = web.Response(text="set")
    answer.set_cookie("sid", "a b", max_age=60, httponly=True)
    return answer


async def boom(_request):
    raise ValueError("boom")


async def echo(request):
    return web.json_response(await request.json())


app = web.Application()
app.add_routes(
    [
        web.get("/order/{id:\\d+}", order),
        web.get("/text", text),
        web.get("/go", go),
        web.get("/cookie", cookie),
        web.get("/boom", boom),
        web.post("/echo", echo),
        web.static("/site", "site", show_index=True),
    ]
)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
