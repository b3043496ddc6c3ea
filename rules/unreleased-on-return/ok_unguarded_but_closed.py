"""The provider never closes, so the handlers do: in a finally or a with."""
from contextlib import closing

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from sensors.models import Reading

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///sensors"))


def new_session() -> Session:
    return SessionLocal()


def bare_session():
    db = SessionLocal()
    yield db


@app.get("/readings/latest")
def latest(db: Session = Depends(new_session)):
    try:
        reading = db.scalar(select(Reading).order_by(Reading.taken.desc()).limit(1))
        if reading is None:
            return {"value": None}
        return {"value": reading.value}
    finally:
        db.close()


@app.get("/readings")
def readings(limit: int = 10, db: Session = Depends(bare_session)):
    with closing(db):
        rows = db.scalars(select(Reading).limit(limit)).all()
        return [row.value for row in rows]


@app.get("/health")
def health(db: Session = Depends(new_session)):
    return {"ok": True}
