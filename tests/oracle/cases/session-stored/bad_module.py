"""One session for the whole module."""
# request: GET /items/1
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))
db = SessionLocal()


@app.get("/items/{item_id}")
async def item(item_id: int):
    return {"name": db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
