"""An except branch swallows the error and falls through to the return, past the commit."""
# request: GET /items/1/half
# also: unguarded-dependency
import os

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    yield db


@app.get("/items/{item_id}/half")
def half(item_id: int, db: Session = Depends(get_db)):
    share = None
    try:
        price = db.execute(text("select price from items where id = :id"), {"id": item_id}).scalar()
        share = price / 0
        db.commit()
    except ZeroDivisionError:
        print("no half")
    return {"half": share}
