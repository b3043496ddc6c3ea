"""The service keeps the factory and makes a session for each use."""
# request: GET /items/1
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Items:
    def __init__(self):
        self.make_session = SessionLocal

    def name(self, item_id: int):
        with self.make_session() as session:
            return session.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()


items = Items()


@app.get("/items/{item_id}")
def item(item_id: int):
    return {"name": items.name(item_id)}
