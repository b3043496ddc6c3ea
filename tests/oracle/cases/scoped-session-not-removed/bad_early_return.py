"""remove() is skipped by an early return."""
# request: GET /items/0
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@app.get("/items/{item_id}")
def item(item_id: int):
    name = Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    if name is None:
        return {"name": "unknown"}
    Registry.remove()
    return {"name": name}
