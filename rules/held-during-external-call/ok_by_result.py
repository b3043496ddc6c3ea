# note: what a helper returned tells how it left the session, and the branches on it are followed
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


def relabel_in_context(crate_id, label, db: Optional[Session] = None):
    with given_or_own(db) as db:
        try:
            crate = db.get(Crate, crate_id)
            if not crate:
                return None
            crate.label = label
            db.commit()
            return describe(crate_id)
        except Exception:
            return None


def describe(crate_id, db: Optional[Session] = None):
    with given_or_own(db) as db:
        crate = db.get(Crate, crate_id)
        return crate.label if crate else None


def through(crate_id, label, db: Session):
    return relabel(crate_id, label, db)


def saved(db: Session, crate):
    done = False
    if db.get(Crate, crate.id) is None:
        db.add(crate)
        db.commit()
        done = True
    return done


def ended_unless_found(db: Session, crate_id):
    row = db.get(Crate, crate_id)
    if row is None:
        db.rollback()
    return row


class Crates:
    async def move(self, db: Session, crate_id):
        crate = db.get(Crate, crate_id)
        if crate is None:
            return False
        crate.moved = True
        db.commit()
        return True


crates = Crates()


@app.post("/none")
def raise_on_none(crate_id: int, db: Session = Depends(get_db)):
    crate = relabel(crate_id, "a", db=db)
    if crate is None:
        raise HTTPException(status_code=404)
    httpx.post("https://labels.example/print", json=crate)
    return crate


@app.post("/context")
async def managed(crate_id: int, db: Session = Depends(get_db)):
    crate = relabel_in_context(crate_id, "a", db=db)
    if not crate:
        raise HTTPException(status_code=404)
    async with httpx.AsyncClient() as client:
        await client.post("https://labels.example/print", json={"crate": crate})
    return crate


@app.post("/true")
def only_when_true(crate_id: int, db: Session = Depends(get_db)):
    crate = through(crate_id, "a", db)
    if crate:
        httpx.post("https://labels.example/print", json=crate)
    return crate


@app.post("/not-none")
def only_when_not_none(crate_id: int, db: Session = Depends(get_db)):
    crate = relabel(crate_id, "a", db)
    answer = {"crate": crate_id}
    if crate is not None:
        httpx.post("https://labels.example/print", json=answer)
    return answer


@app.post("/direct")
def asked_directly(crate: dict, db: Session = Depends(get_db)):
    if saved(db, Crate(**crate)):
        httpx.post("https://labels.example/print", json=crate)
    return crate


@app.post("/walrus")
def named_on_the_way(crate_id: int, db: Session = Depends(get_db)):
    if (crate := relabel(crate_id, "a", db)) is not None:
        httpx.post("https://labels.example/print", json=crate)
    return {}


@app.post("/awaited")
async def awaited(crate_id: int, db: Session = Depends(get_db)):
    if not await crates.move(db, crate_id):
        return {"moved": False}
    async with httpx.AsyncClient() as client:
        await client.post("https://labels.example/moved", json={"crate": crate_id})
    return {"moved": True}


@app.post("/is-true")
async def compared_with_true(crate_id: int, db: Session = Depends(get_db)):
    moved = await crates.move(db, crate_id)
    if moved is True:
        async with httpx.AsyncClient() as client:
            await client.post("https://labels.example/moved", json={"crate": crate_id})
    return {"moved": moved}


@app.post("/row")
def the_row_tells(crate_id: int, db: Session = Depends(get_db)):
    row = ended_unless_found(db, crate_id)
    if row is None:
        httpx.post("https://labels.example/unknown", json={"crate": crate_id})
    return {"known": row is not None}


@app.post("/loop")
def in_a_loop(crate_ids: list[int], db: Session = Depends(get_db)):
    for crate_id in crate_ids:
        crate = relabel(crate_id, "a", db)
        if crate is None:
            db.rollback()
            continue
        httpx.post("https://labels.example/print", json=crate)
    return {}
