"""Providers in this file that never give a session back: every return path that leaves it open counts."""
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


def rollback_only():
    db = SessionLocal()
    try:
        yield db
    except Exception:
        db.rollback()
        raise


@app.get("/readings")
def readings(db: Session = Depends(new_session)):
    return [row.value for row in db.scalars(select(Reading))]  # expect: unreleased-on-return "`db`"


@app.get("/readings/count")
def count(db: Session = Depends(bare_session)):
    total = len(db.scalars(select(Reading.id)).all())
    return {"total": total}  # expect: unreleased-on-return


@app.get("/readings/max")
async def maximum(db: Session = Depends(rollback_only)):
    values = db.scalars(select(Reading.value)).all()
    return max(values, default=None)  # expect: unreleased-on-return


@app.post("/readings")
def add(value: float, db: Session = Depends(new_session)):
    reading = Reading(value=value)
    db.add(reading)
    db.commit()
    # the commit gave the connection back; the refresh takes it again
    db.refresh(reading)
    return reading  # expect: unreleased-on-return


@app.post("/readings/flush")
def flush(value: float, db: Session = Depends(new_session)):
    db.add(Reading(value=value))
    db.flush()
    return {"stored": True}  # expect: unreleased-on-return
