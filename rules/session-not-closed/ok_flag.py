"""session=None: an own session is made, and closed, only when none was given."""
from typing import Optional

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from tax.models import Return

SessionLocal = sessionmaker(create_engine("postgresql:///tax"))


def total(year: int, db: Optional[Session] = None) -> int:
    own = db is None
    if own:
        db = SessionLocal()
    try:
        return sum(db.scalars(select(Return.amount).where(Return.year == year)))
    finally:
        if own:
            db.close()


def file(year: int, session: Session | None = None) -> None:
    should_close = False
    if session is None:
        session = SessionLocal()
        should_close = True
    try:
        session.add(Return(year=year))
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        if should_close:
            session.close()


def late(year: int, session: Session = None) -> list[int]:
    db = session or SessionLocal()
    try:
        return db.scalars(select(Return.id).where(Return.year < year)).all()
    finally:
        if session is None:
            db.close()


def open_ones(year: int, session: Session = None) -> list[int]:
    db = session if session is not None else SessionLocal()
    try:
        return db.scalars(select(Return.id).where(Return.year == year)).all()
    finally:
        if not session:
            db.close()


def maybe(year: int, dry: bool) -> int:
    db = None
    if not dry:
        db = SessionLocal()
    try:
        if db is None:
            return 0
        return len(db.scalars(select(Return.id)).all())
    finally:
        if db is not None:
            db.close()


def recursive(year: int, session: Session = None) -> int:
    if session is None:
        with SessionLocal() as own:
            return recursive(year, own)
    return len(session.scalars(select(Return.id).where(Return.year == year)).all())
