from datetime import datetime, timezone
from typing import List, Optional

from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import PlainTextResponse, RedirectResponse
from pydantic import BaseModel

app = FastAPI()


class Order(BaseModel):
    qty: int
    note: Optional[str] = None
    price: float = 1.0


@app.get("/order/{id}")
def order(id: int, view: Optional[str] = None):
    return {"id": id, "view": view, "at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc), "total": 12.5}


@app.post("/order")
def create(order: Order):
    return order


@app.get("/tags")
def tags(tag: List[str] = Query(default=[])):
    return tag


@app.get("/go")
def go():
    return RedirectResponse("/text")


@app.get("/text", response_class=PlainTextResponse)
def text():
    return "hello"


@app.get("/teapot")
def teapot():
    raise HTTPException(418, "short and stout")
