"""Middleware and coroutine run on the same thread."""
# request: GET /items/1
import os

from fastapi import FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@app.middleware("http")
async def end_session(request: Request, call_next):
    try:
        return await call_next(request)
    finally:
        Registry.remove()


@app.get("/items/{item_id}")
async def item(item_id: int):
    return {"name": Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
