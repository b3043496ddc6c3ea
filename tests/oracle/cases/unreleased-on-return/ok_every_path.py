"""The dependency leaves closing to the handlers, and this one commits on every path: that gives the connection back."""
# request: GET /items/0
# coarser: a provider that gives back only what raises is reported for itself, other handlers may forget
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
    except Exception:
        db.rollback()
        raise


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    if name is None:
        db.commit()
        return {"name": "unknown"}
    db.commit()
    return {"name": name}
