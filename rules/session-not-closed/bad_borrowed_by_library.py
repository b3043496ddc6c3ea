"""Calls that keep nothing of what they are given: a library's, a wrapped function, an abstract method."""
import asyncio
from functools import wraps

from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import sessionmaker

from quarry.models import Stone

SessionLocal = sessionmaker(create_engine("postgresql:///quarry"))


def with_session(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        db = SessionLocal()  # expect: session-not-closed
        return function(db, *args, **kwargs)

    return wrapper


def with_commit(function):
    def wrapper(*args, **kwargs):
        db = SessionLocal()  # expect: session-not-closed
        found = function(*args, db=db, **kwargs)
        db.commit()
        return found

    return wrapper


def inspected() -> bool:
    db = SessionLocal()  # expect: session-not-closed
    db.execute(select(Stone.id))
    return inspect(db).is_active


async def count(db):
    return db.scalars(select(Stone.id)).all()


async def waited_for():
    db = SessionLocal()  # expect: session-not-closed
    return await asyncio.wait_for(count(db), 5)


class Store:
    def load(self, db):
        raise NotImplementedError


def through_a_stub(store: Store):
    db = SessionLocal()  # expect: session-not-closed
    return store.load(db)
