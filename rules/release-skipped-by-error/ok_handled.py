"""The failing commit is caught and the close is reached all the same."""
from contextlib import closing, suppress

from fastapi import APIRouter, Depends
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from stats.db import SessionLocal, get_db
from stats.models import Sample

router = APIRouter()


@router.delete("/samples")
def purge(db: Session = Depends(get_db)):
    try:
        db.execute(delete(Sample).where(Sample.value.is_(None)))
    finally:
        try:
            db.commit()
        except Exception:
            db.rollback()
        db.close()
    return {"purged": True}


def trim(limit: int) -> None:
    db = SessionLocal()
    try:
        db.execute(delete(Sample).where(Sample.id < limit))
    finally:
        with suppress(Exception):
            db.commit()
        db.close()


def trim_with(limit: int) -> None:
    with closing(SessionLocal()) as db:
        try:
            db.execute(delete(Sample).where(Sample.id < limit))
        finally:
            db.commit()


def count_with() -> int:
    with SessionLocal() as db:
        try:
            return len(db.scalars(select(Sample.id)).all())
        finally:
            db.commit()


def safe_commit(db: Session) -> None:
    try:
        db.commit()
    except SQLAlchemyError:
        db.rollback()
