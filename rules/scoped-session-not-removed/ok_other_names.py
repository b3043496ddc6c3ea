"""The registry under another name, its session in a with block, work that ends it in its own thread."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker
from starlette.concurrency import run_in_threadpool

from chat.models import Room

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


def room_names():
    return Registry.scalars(select(Room.name)).all()


@app.get("/alias")
def alias():
    registry = Registry
    try:
        return registry.scalars(select(Room.name)).all()
    finally:
        registry.remove()


@app.get("/called")
def called():
    session = Registry()
    try:
        return session.scalars(select(Room.name)).all()
    finally:
        Registry.remove()


@app.get("/block")
def block():
    with Registry() as session:
        return session.scalars(select(Room.name)).all()


@app.get("/transaction")
def transaction():
    with Registry.begin():
        return Registry.scalars(select(Room.name)).all()


@app.get("/helper")
def helper():
    try:
        return room_names()
    finally:
        Registry.remove()


@app.get("/worker")
async def worker():
    def work():
        try:
            return Registry.scalars(select(Room.name)).all()
        finally:
            Registry.remove()

    return await run_in_threadpool(work)


@app.on_event("shutdown")
def last_words():
    Registry.remove()
