"""The middleware runs on the event loop: it ends the loop's session, never a worker thread's."""
from fastapi import FastAPI, Request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Message

app = FastAPI()
ScopedSession = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


@app.middleware("http")
async def end_session(request: Request, call_next):
    try:
        return await call_next(request)
    finally:
        ScopedSession.remove()  # expect: scoped-session-not-removed "cleanup misses some requests"


@app.get("/messages")
def messages(room: str):
    return ScopedSession.scalars(select(Message.text)).all()  # expect: scoped-session-not-removed


@app.get("/messages/count")
async def count(room: str):
    # this one is reached by the middleware
    return len(ScopedSession.scalars(select(Message.id)).all())
