"""Objects that end, close or make what they keep; objects that keep other things."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from app.db import ScopedSession, SessionLocal
from app.models import Chunk

app = FastAPI()


class Removing:
    def __init__(self):
        self.session = ScopedSession

    def find(self, name):
        try:
            return self.session.execute(select(Chunk).where(Chunk.name == name)).all()
        finally:
            self.session.remove()


class Unit:
    def __init__(self):
        self.session = ScopedSession

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.session.commit()

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()


class Own:
    def __init__(self, url):
        self.session = scoped_session(sessionmaker(create_engine(url)))

    def find(self, name):
        found = self.session.execute(select(Chunk).where(Chunk.name == name)).all()
        self.session.rollback()
        return found


class Maker:
    def __init__(self):
        self.session = SessionLocal

    def find(self, name):
        with self.session() as session:
            return session.execute(select(Chunk).where(Chunk.name == name)).all()


class Unused:
    def __init__(self):
        self.registry = ScopedSession


@app.get("/chunks/{name}")
async def chunks(name: str):
    return len(Removing().find(name))
