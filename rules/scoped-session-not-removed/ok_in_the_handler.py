"""Every handler ends the registry's session itself, in its own thread, on every path."""
from fastapi import FastAPI, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Room

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


@app.get("/rooms")
def rooms():
    try:
        return Registry.scalars(select(Room.name)).all()
    finally:
        Registry.remove()


@app.get("/rooms/{name}")
async def room(name: str):
    try:
        found = Registry.scalar(select(Room).where(Room.name == name))
        if found is None:
            raise HTTPException(404)
        return {"topic": found.topic}
    finally:
        Registry.close()


@app.post("/rooms")
def add_room(name: str):
    try:
        Registry.add(Room(name=name))
        Registry.commit()
    except Exception:
        Registry.rollback()
        raise
    return {"name": name}


@app.delete("/rooms/{name}")
def remove_room(name: str):
    session = Registry()
    try:
        room = session.scalar(select(Room).where(Room.name == name))
        if room is None:
            return {"removed": False}
        session.delete(room)
        session.commit()
        return {"removed": True}
    finally:
        session.close()


@app.get("/version")
def version():
    return {"version": 1}
