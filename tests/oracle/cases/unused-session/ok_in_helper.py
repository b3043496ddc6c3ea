"""A helper uses the session that is passed to it."""
# request: GET /items/1
# observe: unused
import os

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


def name_of(db: Session, item_id: int):
    return db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    return {"name": name_of(db, item_id)}
