"""A session that is given or made: what says whether it is ours, and the answers of callees that have ended it."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from bakery.models import Loaf

SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))


def by_identity(session=None):
    db = session or SessionLocal()
    try:
        return db.scalars(select(Loaf.id)).all()
    finally:
        if db is not session:
            db.close()


def identity_kept(session=None):
    db = session if session is not None else SessionLocal()
    ours = db is not session
    try:
        return db.scalars(select(Loaf.id)).all()
    finally:
        if ours:
            db.close()


def same_one(session=None):
    db = SessionLocal() if session is None else session
    try:
        return db.scalars(select(Loaf.id)).all()
    finally:
        if db is session:
            pass
        else:
            db.close()


def flag_of_choice(session=None):
    should_close = True if session is None else False
    session = session or SessionLocal()
    try:
        return session.scalars(select(Loaf.id)).all()
    finally:
        if should_close:
            session.close()


def flag_the_other_way(session=None):
    given = False if session is None else True
    db = session if given else SessionLocal()
    try:
        return db.scalars(select(Loaf.id)).all()
    finally:
        if not given:
            db.close()


def find(db):
    if db.scalar(select(Loaf.id)) is None:
        db.close()
        return False
    return True


def negated_answer():
    db = SessionLocal()
    try:
        missing = not find(db)
    except Exception:
        db.close()
        raise
    if missing:
        return None
    db.close()
    return 1


def end(db):
    db.close()
    return True


def answer_or_other():
    db = SessionLocal()
    try:
        db.scalar(select(Loaf.id))
    finally:
        done = end(db) or False
    return done


def caller(session):
    # what it lends is not closed there
    rows = by_identity(session)
    return rows, session.scalar(select(Loaf.id))


def lends():
    db = SessionLocal()
    try:
        return caller(db), identity_kept(db), same_one(db)
    finally:
        db.close()
