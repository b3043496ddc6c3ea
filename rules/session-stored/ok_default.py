"""Defaults that make no session, and sessions that are made with the def and ended by whoever uses them."""
import requests
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app.models import Chunk
from app.settings import STORE_URL

app = FastAPI()
engine = create_engine(STORE_URL)
SessionLocal = sessionmaker(engine)
Registry = scoped_session(SessionLocal)


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/chunks")
def chunks(db: Session = Depends(get_db)):
    return [counted(db), closed(db), lent(db), fetched("https://store.example"), many()]


def lent(db: Session = None):
    return len(db.execute(select(Chunk)).all())


def counted(db=SessionLocal()):
    found = len(db.execute(select(Chunk)).all())
    db.rollback()
    return found


def closed(db: Session = SessionLocal()):
    try:
        return len(db.execute(select(Chunk)).all())
    finally:
        db.close()


def entered(db: Session = SessionLocal()):
    with db:
        return len(db.execute(select(Chunk)).all())


def unused(db: Session = SessionLocal()):
    return db.info


def fetched(url, session=requests.Session()):
    return session.get(url, timeout=3).status_code


def many(maker=sessionmaker(engine)):
    with maker() as db:
        return len(db.execute(select(Chunk)).all())


def of_thread(db=Registry):
    return len(db.execute(select(Chunk)).all())


class Closing:
    def __init__(self, db: Session = SessionLocal()):
        self.db = db

    def all(self):
        return self.db.execute(select(Chunk)).all()

    def close(self):
        self.db.close()


class Ending:
    def __init__(self, db: Session = SessionLocal()):
        self.db = db

    def all(self):
        try:
            return self.db.execute(select(Chunk)).all()
        finally:
            self.db.rollback()
