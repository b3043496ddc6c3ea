"""A default is made once: all calls that give no session share this one, and none of them ends it."""
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Chunk
from app.settings import STORE_URL

app = FastAPI()
SessionLocal = sessionmaker(create_engine(STORE_URL))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def make_session():
    return SessionLocal()


def counted(db=SessionLocal()):  # expect: session-stored "`db` is one session for all calls"
    return len(db.execute(select(Chunk)).all())


def named(name: str, db: Session = make_session()):  # expect: session-stored "`db`"
    return db.execute(select(Chunk).where(Chunk.name == name)).all()


def opened(*, session: Session = next(get_db())):  # expect: session-stored "`session`"
    chunk = session.get(Chunk, 1)
    if chunk is None:
        return None
    session.rollback()
    return chunk.name


class Store:
    def __init__(self, db: Session = SessionLocal()):  # expect: session-stored "`db`"
        self.db = db

    def all(self):
        return self.db.execute(select(Chunk)).all()


@app.get("/chunks")
def chunks(db: Session = Depends(get_db)):
    return [counted(), named("x"), opened(), Store().all()]
