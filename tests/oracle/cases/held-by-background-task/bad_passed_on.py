"""The session goes to the task, which queries and then takes its time."""
# request: POST /items
# also: held-during-external-call
# stacks: old new
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


def recount(db: Session):
    db.execute(text("select count(*) from items"))
    time.sleep(1)


@app.post("/items")
async def add(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.execute(text("select 1"))
    tasks.add_task(recount, db)
    return {"added": True}
