"""Sessions that are kept, and that somebody ends or closes; objects that do not live long."""
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Chunk
from app.settings import STORE_URL

app = FastAPI()
SessionLocal = sessionmaker(create_engine(STORE_URL))
db = SessionLocal()
shared = SessionLocal()


@app.get("/ended/{name}")
async def ended(name: str):
    try:
        return len(db.execute(select(Chunk).where(Chunk.name == name)).all())
    finally:
        db.rollback()


@app.get("/helped/{name}")
async def helped(name: str):
    found = len(shared.execute(select(Chunk).where(Chunk.name == name)).all())
    end_shared()
    return found


def end_shared():
    shared.rollback()


class Closing:
    def __init__(self):
        self.session = SessionLocal()

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()

    def shutdown(self):
        self.session.close()


class Ending:
    def __init__(self):
        self.session = SessionLocal()

    def find(self, name):
        found = self.session.execute(select(Chunk).where(Chunk.name == name)).all()
        self._done()
        return found

    def _done(self):
        self.session.commit()


class Unit:
    def __init__(self):
        self.session = SessionLocal()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.session.close()

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()


class Lent:
    def __init__(self, session):
        self.session = session

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()


class Runner:
    def __init__(self, session_factory: sessionmaker[Session]):
        self._factory = session_factory
        self._session = None

    def run(self, names):
        self._session = self._factory()
        try:
            return [self._session.get(Chunk, name) for name in names]
        finally:
            self._session.close()


class Served:
    def __init__(self):
        self.served = SessionLocal()

    def find(self, name):
        return self.served.get(Chunk, name)


class TestChunks:
    def setup_method(self):
        self.tested = SessionLocal()

    def test_find(self):
        assert self.tested.get(Chunk, "a")


served = Served()
closing = Closing()
ending = Ending()
unit = Unit()
runner = Runner(SessionLocal)


def get_session():
    with SessionLocal() as session:
        yield session


@app.get("/served/{name}")
async def is_served(name: str):
    found = served.find(name) is not None
    served.served.rollback()
    return found


@app.get("/chunks/{name}")
async def chunks(name: str, session: Session = Depends(get_session)):
    return len(Lent(session).find(name)) + len(closing.find(name)) + len(ending.find(name))
