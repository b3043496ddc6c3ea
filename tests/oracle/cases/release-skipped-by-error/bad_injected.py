"""A handler's finally commits and closes; the commit fails, and the dependency does not clean up."""
# request: POST /children/999
# also: unguarded-dependency unreleased-on-raise
import os

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    yield db


@app.post("/children/{item_id}")
def adopt(item_id: int, db: Session = Depends(get_db)):
    try:
        db.execute(text("insert into children (name, item_id) values ('new', :id)"), {"id": item_id})
        return {"added": True}
    finally:
        db.commit()
        db.close()
