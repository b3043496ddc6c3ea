"""The task has a session of its own, only for its query."""
# request: POST /items
import os
import time

from fastapi import BackgroundTasks, Depends, FastAPI
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


def recount():
    with SessionLocal() as own:
        own.execute(text("select count(*) from items"))
    time.sleep(1)


@app.post("/items")
def add(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.execute(text("select count(*) from items"))
    db.close()
    tasks.add_task(recount)
    return {"added": True}
