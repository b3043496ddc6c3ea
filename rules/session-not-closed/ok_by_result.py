# note: a helper that says whether it has closed the session
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from models import Crate

SessionLocal = sessionmaker(bind=create_engine("postgresql:///harbour"))


def close_if_clean(db: Session):
    if db.dirty:
        return False
    db.close()
    return True


def finished(db: Session):
    try:
        db.commit()
    except Exception:
        return None
    db.close()
    return "done"


def count_crates():
    db = SessionLocal()
    try:
        crates = db.query(Crate).count()
        closed = close_if_clean(db)
    except BaseException:
        db.close()
        raise
    if not closed:
        db.close()
    return crates


def count_again():
    db = SessionLocal()
    try:
        crates = db.query(Crate).count()
        if close_if_clean(db):
            return crates
    except BaseException:
        db.close()
        raise
    db.close()
    return 0


def save(crate):
    db = SessionLocal()
    db.add(crate)
    if finished(db) is None:
        db.rollback()
        db.close()
