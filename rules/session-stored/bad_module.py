"""One session for the whole module."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from app.models import Chunk
from app.settings import STORE_URL

app = FastAPI()
SessionLocal = sessionmaker(create_engine(STORE_URL))
db = SessionLocal()  # expect: session-stored "`db` is one session for the whole module"


@app.get("/chunks/{name}")
async def chunks(name: str):
    return len(db.execute(select(Chunk).where(Chunk.name == name)).all())
