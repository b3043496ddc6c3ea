"""A thread that outlives the request goes on with the request's session."""
# request: POST /items
import os
import threading
import time

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


def recount(db: Session):
    time.sleep(0.5)
    db.execute(text("select count(*) from items"))


@app.post("/items")
def add(db: Session = Depends(get_db)):
    db.execute(text("select 1"))
    threading.Thread(target=recount, args=(db,)).start()
    return {"added": True}
