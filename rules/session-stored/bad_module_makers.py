"""Sessions of a module that a function of its own makes, and one that next() took out of its generator."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

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


db = next(get_db())  # expect: session-stored "`db` is one session for the whole module"
made = make_session()  # expect: session-stored "`made` is one session for the whole module"


@app.get("/chunks/{name}")
def chunks(name: str):
    return len(db.execute(select(Chunk).where(Chunk.name == name)).all())


@app.get("/made/{name}")
def made_chunks(name: str):
    return len(made.execute(select(Chunk).where(Chunk.name == name)).all())
