"""The dependency's with block closes, and so does the context manager's, whatever their users raise."""
# request: GET /items/0
import os

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    if name is None:
        raise HTTPException(404)
    return {"name": name}
