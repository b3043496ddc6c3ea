"""`db.close` without parentheses is looked at, and that is all."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from garden.models import Plant

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///garden"))
Registry = scoped_session(SessionLocal)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def count() -> int:
    db = SessionLocal()
    try:
        return len(db.scalars(select(Plant)).all())
    finally:
        db.close  # expect: release-not-called "`db.close` is not called"


def water(plant_id: int) -> None:
    db = SessionLocal()
    try:
        db.get(Plant, plant_id).watered = True
        db.commit()
    except Exception:
        db.rollback  # expect: release-not-called "`db.rollback`"
        raise
    finally:
        db.close()


@router.post("/plants/{name}")
def plant(name: str, db: Session = Depends(get_db)):
    db.add(Plant(name=name))
    db.commit  # expect: release-not-called "`db.commit`"
    return {"name": name}


def from_registry(name: str):
    try:
        return Registry.query(Plant).filter_by(name=name).first()
    finally:
        Registry.remove  # expect: release-not-called "`Registry.remove`"
