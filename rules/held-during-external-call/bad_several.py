# Several waits in one transaction are one finding, at the one that is surely a wait; else at the first.
import requests
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/quotes")
def quotes(db: Session = Depends(get_db)):
    rows = db.query(Quote).all()
    first = requests.get("https://rates.test/a")  # expect: held-during-external-call
    second = requests.get("https://rates.test/b")
    third = requests.get("https://rates.test/c")
    return [rows, first.json(), second.json(), third.json()]


@app.get("/mirror")
def mirror(source, db: Session = Depends(get_db)):
    for row in db.query(Quote).all():
        if row.remote:
            requests.post(source, json=row.id)  # expect: held-during-external-call
        else:
            requests.delete(source)
