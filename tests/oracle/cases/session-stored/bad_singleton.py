"""A service kept by the module keeps a session, and never ends its transactions."""
# request: GET /items/1
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Items:
    def __init__(self):
        self.session = SessionLocal()

    def name(self, item_id: int):
        return self.session.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()


items = Items()


@app.get("/items/{item_id}")
def item(item_id: int):
    return {"name": items.name(item_id)}
