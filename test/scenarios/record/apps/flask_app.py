import sys
from flask import Flask, abort, jsonify, make_response, redirect, request

app = Flask(__name__, static_folder="site")
app.static_folder = __import__("os").path.abspath("site")


@app.route("/order/<int:id>")
def order(id):
    return jsonify(total=12.5, id=id, city="Köln", tags=["a", "b"])


@app.route("/text")
def text():
    return "hello"


@app.route("/go")
def go():
    return redirect("/text")


@app.route("/folder/")
def folder():
    return "folder"


@app.route("/cookie")
def cookie():
    answer = make_response("set")
    answer.set_cookie("sid", "a b", max_age=60, httponly=True)
    return answer


@app.route("/boom")
def boom():
    raise ValueError("boom")


@app.route("/teapot")
def teapot():
    abort(418)


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(json=request.get_json(silent=True), form=request.form.to_dict())


@app.route("/strict", methods=["POST"])
def strict():
    return jsonify(request.get_json())


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]))
