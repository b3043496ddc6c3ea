"""The close stands in a finally of its own, or nothing before it can fail."""
import logging

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from stats.db import SessionLocal, get_async_session, get_db
from stats.models import Sample

router = APIRouter()
logger = logging.getLogger(__name__)


@router.get("/samples")
def samples(db: Session = Depends(get_db)):
    try:
        return [row.value for row in db.scalars(select(Sample))]
    finally:
        try:
            db.commit()
        finally:
            db.close()


@router.get("/samples/max")
def maximum(db: Session = Depends(get_db)):
    try:
        values = db.scalars(select(Sample.value)).all()
        db.commit()
        return max(values, default=None)
    finally:
        logger.debug("closing")
        db.close()


@router.post("/samples")
async def add(value: float, session: AsyncSession = Depends(get_async_session)):
    try:
        session.add(Sample(value=value))
        await session.commit()
    finally:
        await session.close()
    return {"stored": True}


def refresh_totals() -> int:
    db = SessionLocal()
    try:
        total = len(db.scalars(select(Sample.id)).all())
        db.commit()
        return total
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


def sample_count() -> int:
    db = SessionLocal()
    try:
        return len(db.scalars(select(Sample.id)).all())
    finally:
        db.rollback()
        db.close()
