"""A helper has and closes the session; the call comes after it."""
# request: GET /items/1
import os

import requests
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def name_of(item_id: int) -> str:
    with SessionLocal() as db:
        return db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()


@app.get("/items/{item_id}")
def item(item_id: int):
    name = name_of(item_id)
    stock = requests.get(os.environ["OUTSIDE_URL"], timeout=10).json()
    return {"name": name, "stock": stock}
