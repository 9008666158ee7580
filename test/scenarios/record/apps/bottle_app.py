import sys
from bottle import abort, default_app, redirect, request, response, route, run, static_file


@route("/order/<id:int>")
def order(id):
    return {"id": id, "total": 12.5, "city": "Köln"}


@route("/text")
def text():
    return "hello"


@route("/go")
def go():
    redirect("/text")


@route("/cookie")
def cookie():
    response.set_cookie("sid", "1", max_age=60, httponly=True)
    return "set"


@route("/query")
def query():
    return dict(request.query)


@route("/boom")
def boom():
    raise ValueError("boom")


@route("/teapot")
def teapot():
    abort(418, "short and stout")


@route("/site/<name>")
def site(name):
    return static_file(name, root="site")


run(default_app(), host="127.0.0.1", port=int(sys.argv[1]), quiet=True)
