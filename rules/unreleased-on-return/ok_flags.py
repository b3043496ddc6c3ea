"""Flags that say whether the session was ended already, and generators that end it when they are done."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from lab.db import get_db
from lab.models import Probe
from lab.numbers import mean

router = APIRouter()


@router.get("/probes/mean")
def probe_mean(kind: str = "", db: Session = Depends(get_db)):
    done = False
    values = db.scalars(select(Probe.value)).all()
    if not values:
        db.close()
        done = True
    result = None if done else mean(values)
    if not done:
        db.commit()
        db.close()
    return {"mean": result}


@router.get("/probes/latest")
def latest(use_db: bool = True, db: Session = Depends(get_db)):
    session = db if use_db else None
    value = None
    if session is not None:
        value = session.scalar(select(Probe.value).limit(1))
    if session is not None:
        session.close()
    return {"value": value}


@router.get("/probes/stream")
def stream(limit: int = 100, db: Session = Depends(get_db)):
    try:
        for row in db.scalars(select(Probe).limit(limit)):
            if row.broken:
                return
            yield {"value": row.value}
    finally:
        db.close()


@router.get("/probes/checked")
def checked(db: Session = Depends(get_db)):
    try:
        values = db.scalars(select(Probe.value)).all()
    except Exception:
        db.rollback()
        db.close()
        return {"values": []}
    else:
        db.commit()
        db.close()
    return {"values": values}


@router.get("/probes/ratio")
def ratio(db: Session = Depends(get_db)):
    counts = [len(db.scalars(select(Probe.id).where(Probe.broken.is_(flag))).all()) for flag in (True, False)]
    try:
        return {"ratio": counts[0] / counts[1]}
    except ZeroDivisionError:
        return {"ratio": None}
    finally:
        db.rollback()
        db.close()
