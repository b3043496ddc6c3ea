"""A dependency that returns its session: nobody closes it."""
# request: GET /items/1
# also: unreleased-on-return
import os

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    return SessionLocal()


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    return {"name": db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
