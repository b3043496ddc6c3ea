from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from shop.models import Order

SessionLocal = sessionmaker()
app = FastAPI()


def lines():
    with SessionLocal() as db:
        for order in db.scalars(select(Order)):
            yield order.text  # expect: stream-session-unguarded "has gone"


@app.get("/orders")
def orders():
    return StreamingResponse(lines())


def more_lines():
    db = SessionLocal()
    try:
        for order in db.scalars(select(Order)):
            yield order.text  # expect: stream-session-unguarded "has gone"
    finally:
        db.close()


@app.get("/more")
def more():
    return StreamingResponse(more_lines())


async def async_lines():
    with SessionLocal() as db:
        for order in db.scalars(select(Order)):
            yield order.text


@app.get("/async")
def async_orders():
    return StreamingResponse(async_lines())
