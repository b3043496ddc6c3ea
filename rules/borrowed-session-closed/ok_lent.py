"""Callees that leave a session to its owner, that close their own, or whose caller is done with it."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from tramway.models import Line, Stop

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///tramway"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def count_stops(db: Session) -> int:
    return len(db.scalars(select(Stop.id)).all())


def count_lines(db: Session | None = None) -> int:
    owns = db is None
    if db is None:
        db = SessionLocal()
    try:
        return len(db.scalars(select(Line.id)).all())
    finally:
        if owns:
            db.close()


def last_word(db: Session) -> str | None:
    try:
        return db.scalar(select(Line.name))
    finally:
        db.close()


def release(db: Session) -> None:
    try:
        db.rollback()
    finally:
        db.close()


def close_when_empty(db: Session) -> int:
    rows = db.scalars(select(Stop.id)).all()
    if not rows:
        db.close()
    return len(rows)


def of_its_own(db: Session) -> int:
    with SessionLocal() as own:
        return len(own.scalars(select(Stop.id)).all())


@router.get("/stops")
def stops(db: Session = Depends(get_db)):
    return {"stops": count_stops(db), "lines": count_lines(db)}


@router.get("/line")
def line(db: Session = Depends(get_db)):
    stops = count_stops(db)
    return {"line": last_word(db), "stops": stops}


@router.get("/released")
def released(db: Session = Depends(get_db)):
    stops = count_stops(db)
    release(db)
    return {"stops": stops, "line": db.scalar(select(Line.name))}


@router.get("/some")
def some(db: Session = Depends(get_db)):
    if close_when_empty(db) == 0:
        return {}
    return {"line": db.scalar(select(Line.name))}


@router.get("/own")
def own(db: Session = Depends(get_db)):
    return {"stops": of_its_own(db), "line": db.scalar(select(Line.name))}


def either(now: bool) -> str | None:
    db = SessionLocal()
    if now:
        return last_word(db)
    try:
        return db.scalar(select(Line.name))
    finally:
        db.close()


def a_new_one() -> str | None:
    db = SessionLocal()
    last_word(db)
    db = SessionLocal()
    try:
        return db.scalar(select(Line.name))
    finally:
        db.close()


def each(ids: list[int]) -> None:
    for _ in ids:
        db = SessionLocal()
        db.execute(select(Line))
        last_word(db)
