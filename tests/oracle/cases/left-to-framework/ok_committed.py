"""The handler commits before it returns: nothing is held while the response is sent."""
# request: GET /items/1
# policy: balanced
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


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    db.commit()
    return {"name": name}
