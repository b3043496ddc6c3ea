"""The same questions, answered the wrong way round or not at all."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from bakery.models import Loaf

SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))


def by_identity(session=None):
    db = session or SessionLocal()  # expect: session-not-closed
    try:
        return db.scalars(select(Loaf.id)).all()
    finally:
        if db is session:
            db.close()


def flag_of_choice(session=None):
    should_close = False if session is None else True
    session = session or SessionLocal()  # expect: session-not-closed
    try:
        return session.scalars(select(Loaf.id)).all()
    finally:
        if should_close:
            session.close()


def find(db):
    if db.scalar(select(Loaf.id)) is None:
        db.close()
        return False
    return True


def negated_answer():
    db = SessionLocal()  # expect: session-not-closed "at 41"
    try:
        missing = not find(db)
        if not missing:
            return 1
    except Exception:
        db.close()
        raise
    return None
