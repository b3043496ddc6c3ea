"""The transaction has ended before the task begins."""
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


def send_mail(address: str):
    time.sleep(1)


@app.post("/items")
def add(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.execute(text("select count(*) from items"))
    db.commit()
    tasks.add_task(send_mail, "nobody")
    return {"added": True}
