"""A decorator uses the session that the handler itself does not mention."""
# request: GET /items/1
# observe: unused
import os
from functools import wraps

from fastapi import Depends, FastAPI, HTTPException
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


def existing_item(handler):
    @wraps(handler)
    def checked(*args, **kwargs):
        db = kwargs["db"]
        found = db.execute(text("select id from items where id = :id"), {"id": kwargs["item_id"]}).scalar()
        if found is None:
            raise HTTPException(404)
        return handler(*args, **kwargs)

    return checked


@app.get("/items/{item_id}")
@existing_item
def item(item_id: int, db: Session = Depends(get_db)):
    return {"id": item_id}
