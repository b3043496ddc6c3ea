"""The call is in a helper; the transaction is the handler's."""
# request: GET /items/1
import os

import requests
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def stock_of(name: str) -> dict:
    return requests.get(os.environ["OUTSIDE_URL"], params={"name": name}, timeout=10).json()


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    stock = stock_of(name)
    return {"name": name, "stock": stock}
