"""Handlers that use a thread-local registry and leave its session open."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Room

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


@app.get("/rooms")
def rooms():
    return Registry.scalars(select(Room.name)).all()  # expect: scoped-session-not-removed "`Registry`"


@app.get("/rooms/{name}")
async def room(name: str):
    found = Registry.scalar(select(Room).where(Room.name == name))  # expect: scoped-session-not-removed
    return {"topic": found.topic}


@app.post("/rooms")
def add_room(name: str):
    session = Registry()  # expect: scoped-session-not-removed
    known = session.scalar(select(Room.id).where(Room.name == name))
    if known is not None:
        return {"added": False}
    session.add(Room(name=name))
    session.commit()
    return {"added": True}


@app.delete("/rooms/{name}")
def remove_room(name: str):
    room = Registry.scalar(select(Room).where(Room.name == name))  # expect: scoped-session-not-removed
    if room is None:
        return {"removed": False}
    Registry.delete(room)
    Registry.commit()
    return {"removed": True}
