"""The task opens the closed session again, and closes it again."""
# request: POST /items
import os

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
    try:
        db.execute(text("select count(*) from items"))
    finally:
        db.close()


@app.post("/items")
def add(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.execute(text("select 1"))
    db.commit()
    tasks.add_task(recount, db)
    return {"added": True}
