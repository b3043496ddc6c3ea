"""All handlers are coroutines: they share the event loop's session, and the middleware runs there too."""
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
        ScopedSession.remove()


@app.get("/messages")
async def messages(room: str):
    return ScopedSession.scalars(select(Message.text).where(Message.room == room)).all()


@app.post("/messages")
async def send(room: str, text: str):
    ScopedSession.add(Message(room=room, text=text))
    ScopedSession.flush()
    return {"sent": True}
