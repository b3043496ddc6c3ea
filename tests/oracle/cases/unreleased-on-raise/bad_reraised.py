"""The except branch logs and raises again; only the other path ends the transaction."""
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
    db.close()


@app.get("/items/{item_id}/half")
def half(item_id: int, db: Session = Depends(get_db)):
    try:
        price = db.execute(text("select price from items where id = :id"), {"id": item_id}).scalar()
        share = price / 0
    except ZeroDivisionError:
        print("no half", item_id)
        raise
    db.commit()
    return {"half": share}
