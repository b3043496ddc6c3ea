# options: --policy=leaks
"""Under leaks: only where something stays open for long."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from garden.models import Plant

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///garden"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def count() -> int:
    db = SessionLocal()
    rows = db.scalars(select(Plant)).all()
    db.close  # expect: release-not-called
    return len(rows)


@router.get("/plants")
def plants(db: Session = Depends(get_db)):
    rows = db.scalars(select(Plant.name)).all()
    db.close
    return rows
