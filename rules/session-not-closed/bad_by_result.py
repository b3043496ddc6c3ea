# note: a helper says that it has not closed the session, and nobody listens
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from models import Crate

SessionLocal = sessionmaker(bind=create_engine("postgresql:///harbour"))


def close_if_clean(db: Session):
    if db.dirty:
        return False
    db.close()
    return True


def wrong_way_round():
    db = SessionLocal()  # expect: session-not-closed
    crates = db.query(Crate).count()
    closed = close_if_clean(db)
    if closed:
        db.close()
    return crates


def says_so_and_goes():
    db = SessionLocal()  # expect: session-not-closed
    crates = db.query(Crate).count()
    if not close_if_clean(db):
        return None
    return crates
