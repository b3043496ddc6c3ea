"""A with block takes the injected session's name."""
# request: GET /items/1
# policy: balanced
# observe: sessions
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
    with SessionLocal() as db:
        db.execute(text("select count(*), pg_sleep(0.3) from items"))
    return {"name": name}
