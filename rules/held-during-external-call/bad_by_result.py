# note: what a helper returned tells how it left the session: here the branch is the one that leaves it open
from contextlib import contextmanager
from typing import Optional

import httpx
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from models import Crate

SessionLocal = sessionmaker(bind=create_engine("postgresql:///harbour"))
app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@contextmanager
def given_or_own(db: Optional[Session] = None):
    if db is not None:
        yield db
    else:
        with SessionLocal() as own:
            yield own


def relabel(crate_id, label, db: Session):
    crate = db.get(Crate, crate_id)
    if crate is None:
        return None
    crate.label = label
    db.commit()
    return {"label": label}


def read_in_context(crate_id, db: Optional[Session] = None):
    with given_or_own(db) as db:
        return db.get(Crate, crate_id)


def refreshed_in_context(crate, db: Optional[Session] = None):
    with given_or_own(db) as db:
        db.add(crate)
        db.commit()
        db.refresh(crate)
        return crate


def either(db: Session, crate_id):
    crate = db.get(Crate, crate_id)
    return crate is not None


@app.post("/none")
def when_none(crate_id: int, db: Session = Depends(get_db)):
    crate = relabel(crate_id, "a", db=db)
    if crate is None:
        httpx.post("https://labels.example/unknown", json={"id": crate_id})  # expect: held-during-external-call
        raise HTTPException(status_code=404)
    return crate


@app.post("/never-asked")
def never_asked(crate_id: int, db: Session = Depends(get_db)):
    crate = relabel(crate_id, "a", db=db)
    httpx.post("https://labels.example/print", json=crate)  # expect: held-during-external-call
    return crate


@app.post("/asked-of-another")
def asked_of_another(crate_id: int, other: dict, db: Session = Depends(get_db)):
    crate = relabel(crate_id, "a", db=db)
    crate = other
    if crate is None:
        raise HTTPException(status_code=404)
    httpx.post("https://labels.example/print", json=crate)  # expect: held-during-external-call
    return crate


@app.post("/both")
def both_leave_it_open(crate_id: int, db: Session = Depends(get_db)):
    if either(db, crate_id):
        httpx.post("https://labels.example/print", json={"id": crate_id})  # expect: held-during-external-call
    return {}


@app.post("/context")
def managed(crate_id: int, db: Session = Depends(get_db)):
    crate = read_in_context(crate_id, db=db)
    if crate is None:
        raise HTTPException(status_code=404)
    httpx.post("https://labels.example/print", json={"id": crate_id})  # expect: held-during-external-call
    return {}


@app.post("/refreshed")
def refreshed(crate: dict, db: Session = Depends(get_db)):
    row = refreshed_in_context(Crate(**crate), db=db)
    httpx.post("https://labels.example/print", json={"id": row.id})  # expect: held-during-external-call
    return {}
