"""The handler answers from memory; the session that it asks for is left alone."""
# request: GET /items/1
# observe: unused
import os

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))
NAMES = {1: "one"}


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/items/{item_id}")
async def item(item_id: int, db: Session = Depends(get_db)):
    if item_id not in NAMES:
        raise HTTPException(404)
    return {"name": NAMES[item_id]}
