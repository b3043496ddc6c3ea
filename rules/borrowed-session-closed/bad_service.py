"""A service closes the session that it was lent, and the caller goes on."""
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
    try:
        return len(db.scalars(select(Stop.id)).all())
    finally:
        db.close()


def name_of(db: Session, line_id: int) -> str | None:
    with db:
        return db.scalar(select(Line.name).where(Line.id == line_id))


@router.get("/stops")
def stops(db: Session = Depends(get_db)):
    count = count_stops(db)  # expect: borrowed-session-closed "count_stops closes `db`"
    return {"stops": count, "lines": db.scalars(select(Line.name)).all()}


@router.post("/stops/{name}")
def stop(name: str, db: Session = Depends(get_db)):
    db.add(Stop(name=name))
    count = count_stops(db)  # expect: borrowed-session-closed
    db.add(Line(name=f"{name} {count}"))
    db.commit()
    return {}


def names(ids: list[int]) -> list[str | None]:
    with SessionLocal() as db:
        first = name_of(db, ids[0])  # expect: borrowed-session-closed
        db.execute(select(Stop))
        return [first]


def leaks(line_id: int) -> int:
    db = SessionLocal()
    name_of(db, line_id)  # expect: borrowed-session-closed
    return len(db.scalars(select(Stop.id)).all())
