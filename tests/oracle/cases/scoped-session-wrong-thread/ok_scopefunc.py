"""The registry is by request, not by thread: the middleware reaches it."""
# request: GET /items/1
import os
from contextvars import ContextVar
from uuid import uuid4

from fastapi import FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
current = ContextVar("current", default="none")
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])), scopefunc=current.get)


@app.middleware("http")
async def end_session(request: Request, call_next):
    current.set(str(uuid4()))
    try:
        return await call_next(request)
    finally:
        Registry.remove()


@app.get("/items/{item_id}")
def item(item_id: int):
    return {"name": Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
