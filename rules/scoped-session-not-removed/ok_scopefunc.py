"""A scopefunc that follows the request: the middleware and a `def` handler mean the same session."""
from contextvars import ContextVar
from uuid import uuid4

from fastapi import FastAPI, Request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Room

app = FastAPI()
request_id: ContextVar[str] = ContextVar("request_id", default="")
Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")), scopefunc=request_id.get)


@app.middleware("http")
async def session_per_request(request: Request, call_next):
    token = request_id.set(uuid4().hex)
    try:
        return await call_next(request)
    finally:
        Registry.remove()
        request_id.reset(token)


@app.get("/rooms")
def rooms():
    return Registry.scalars(select(Room.name)).all()


@app.get("/rooms/{name}")
async def room(name: str):
    return {"known": Registry.scalar(select(Room.id).where(Room.name == name)) is not None}
