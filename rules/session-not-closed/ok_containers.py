"""Several sessions at once: in a tuple, a list, a dictionary, closed together in the end."""
from contextlib import suppress

from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shards.models import Row

SessionLocal = sessionmaker(create_engine("postgresql:///shard0"))
OtherSession = sessionmaker(create_engine("postgresql:///shard1"))


def copy() -> int:
    source, target = SessionLocal(), OtherSession()
    try:
        rows = source.scalars(select(Row)).all()
        target.add_all(rows)
        target.commit()
        return len(rows)
    finally:
        source.close()
        target.close()


def compare() -> bool:
    with SessionLocal() as first, OtherSession() as second:
        return first.scalars(select(Row.id)).all() == second.scalars(select(Row.id)).all()


def first_ids() -> list[int]:
    sessions = [SessionLocal(), OtherSession()]
    try:
        return [session.scalar(select(Row.id).limit(1)) for session in sessions]
    finally:
        for session in sessions:
            session.close()


def many(count: int) -> list[int]:
    sessions = [SessionLocal() for _ in range(count)]
    try:
        return [session.scalar(select(Row.id).limit(1)) for session in sessions]
    finally:
        for session in sessions:
            with suppress(Exception):
                session.close()


def by_name(name: str) -> list[int]:
    sessions = {"first": SessionLocal(), "second": OtherSession()}
    try:
        return sessions[name].scalars(select(Row.id)).all()
    finally:
        for session in sessions.values():
            session.close()


def pair() -> list[int]:
    first = SessionLocal()
    second = OtherSession()
    try:
        return first.scalars(select(Row.id)).all() + second.scalars(select(Row.id)).all()
    finally:
        for session in (first, second):
            session.close()


def one_after_the_other() -> int:
    db = SessionLocal()
    try:
        first = len(db.scalars(select(Row.id)).all())
    finally:
        db.close()
    db = OtherSession()
    try:
        return first + len(db.scalars(select(Row.id)).all())
    finally:
        db.close()
