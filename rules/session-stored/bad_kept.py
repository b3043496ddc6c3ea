"""Objects that keep a session: one that lives as long as the program, one that opens another for each batch."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app.models import Chunk
from app.settings import STORE_URL

app = FastAPI()
SessionLocal = sessionmaker(create_engine(STORE_URL))
Registry = scoped_session(SessionLocal)


class ChunkStore:
    def __init__(self):
        self.session = SessionLocal()  # expect: session-stored "`self.session` is one session for as long as the program runs"

    def add(self, name):
        self.session.add(Chunk(name=name))
        self.session.commit()

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()


class Engine(object):
    def __init__(self, session_factory: sessionmaker[Session]):
        self._factory = session_factory
        self._session = None

    def run_batch(self, names):
        self._session = self._factory()  # expect: session-stored "`self._session` is another session at each call"
        return [self._load(name) for name in names]

    def _load(self, name):
        return self._session.get(Chunk, name)


class Cache:
    def __init__(self):
        self.session = Registry  # expect: session-stored "`self.session` is the application's registry `Registry`"

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()


store = ChunkStore()
cache = Cache()


@app.get("/chunks/{name}")
async def chunks(name: str):
    return len(store.find(name))
