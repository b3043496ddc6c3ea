"""A session that is given to a library's call that keeps nothing, or by a wrapper to what it wraps, and is closed; one that somebody unknown has."""
import asyncio
from functools import wraps

from observers import register
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import sessionmaker

from quarry.models import Stone

SessionLocal = sessionmaker(create_engine("postgresql:///quarry"))


def with_session(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        db = SessionLocal()
        try:
            return function(*args, db=db, **kwargs)
        finally:
            db.close()

    return wrapper


def inspected() -> bool:
    db = SessionLocal()
    try:
        db.execute(select(Stone.id))
        return inspect(db).is_active
    finally:
        db.close()


async def kept_running():
    db = SessionLocal()
    db.execute(select(Stone.id))
    return asyncio.create_task(asyncio.to_thread(db.close))


def unknown():
    db = SessionLocal()
    db.execute(select(Stone.id))
    register(db)


def by_callback(done):
    db = SessionLocal()
    db.execute(select(Stone.id))
    done(db)
