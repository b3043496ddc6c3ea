"""Sessions that were not made here, and a Session on a connection that somebody else gives back."""
from typing import cast
from unittest.mock import MagicMock

from flask import g
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession, async_object_session
from sqlalchemy.orm import Session, object_session, scoped_session, sessionmaker

from pottery.models import Kiln

engine = create_engine("postgresql:///pottery")
SessionLocal = sessionmaker(engine)


def of_object(kiln: Kiln) -> list[int]:
    session = object_session(kiln)
    return session.scalars(select(Kiln.id)).all()


def of_class(kiln: Kiln) -> list[int]:
    session = Session.object_session(kiln)
    return session.scalars(select(Kiln.id)).all()


def of_state(kiln: Kiln) -> list[int]:
    session = inspect(kiln).session
    return session.scalars(select(Kiln.id)).all()


async def of_object_async(kiln: Kiln) -> list[int]:
    session = async_object_session(kiln)
    return (await session.scalars(select(Kiln.id))).all()


def given(session: Session) -> list[int]:
    return session.scalars(select(Kiln.id)).all()


async def given_async(session: AsyncSession, kiln_id: int) -> str:
    kiln = await session.get(Kiln, kiln_id)
    if kiln is None:
        return ""
    return kiln.name


def of_flask() -> list[int]:
    session = cast(Session, g.db)
    return session.scalars(select(Kiln.id)).all()


def mocked() -> list[int]:
    session = MagicMock(spec=Session)
    return session.scalars(select(Kiln.id)).all()


def on_a_connection() -> list[int]:
    with engine.connect() as connection:
        session = Session(bind=connection)
        return session.scalars(select(Kiln.id)).all()


def local_registry() -> list[int]:
    session = scoped_session(sessionmaker(bind=engine))
    try:
        return session.scalars(select(Kiln.id)).all()
    finally:
        session.remove()


def is_session(thing) -> bool:
    return isinstance(thing, Session)


def or_new(session: Session = None) -> Session:
    return session or SessionLocal()


def with_helper(session: Session = None) -> list[int]:
    db = or_new(session)
    try:
        return db.scalars(select(Kiln.id)).all()
    finally:
        if session is None:
            db.close()
