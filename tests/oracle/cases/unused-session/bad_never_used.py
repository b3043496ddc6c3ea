"""Injected and never used: no connection is ever taken."""
# request: GET /version
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


@app.get("/version")
def version(db: Session = Depends(get_db)):
    return {"version": 1}
