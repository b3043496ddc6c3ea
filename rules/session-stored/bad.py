"""A client that is made once and keeps the application's registry."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from app.models import Chunk
from app.settings import STORE_URL

app = FastAPI()


class ChunkStore:
    def __init__(self):
        if not STORE_URL:
            from app.db import ScopedSession

            self.session = ScopedSession  # expect: session-stored "`self.session` is the application's registry `ScopedSession`"
        else:
            self.session = scoped_session(sessionmaker(create_engine(STORE_URL)))

    def add(self, name):
        try:
            self.session.add(Chunk(name=name))
            self.session.commit()
        except Exception:
            self.session.rollback()
            raise

    def find(self, name):
        found = self.session.execute(select(Chunk).where(Chunk.name == name)).all()
        self.session.rollback()
        return found

    def close(self):
        pass


store = ChunkStore()


@app.get("/chunks/{name}")
async def chunks(name: str):
    return len(store.find(name))
