"""The task takes a second and does not need the session; the dependency keeps it until the task ends."""
# request: POST /items
# coarser(old): a task that is not given the session is not reported, it may be short
# coarser(new): a task that is not given the session is not reported, it may be short
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


def send_mail(address: str):
    time.sleep(1)


@app.post("/items")
def add(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.execute(text("select count(*) from items"))
    tasks.add_task(send_mail, "nobody")
    return {"added": True}
