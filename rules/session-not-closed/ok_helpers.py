"""Closed by somebody else that can be read: a function, a method, a closure, a decorator, a context manager of this file."""
from contextlib import asynccontextmanager, contextmanager
from functools import wraps

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from theatre.models import Play, Seat

SessionLocal = sessionmaker(create_engine("postgresql:///theatre"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///theatre"))


def end(session) -> None:
    session.rollback()
    session.close()


async def end_async(session) -> None:
    if session is not None:
        await session.close()


def plays() -> list[str]:
    session = SessionLocal()
    try:
        return session.scalars(select(Play.title)).all()
    finally:
        end(session)


async def seats() -> list[int]:
    session = AsyncSessionLocal()
    try:
        return (await session.scalars(select(Seat.id))).all()
    finally:
        await end_async(session)


def by_closure(play_id: int) -> str:
    session = SessionLocal()

    def done():
        session.close()

    try:
        return session.get(Play, play_id).title
    finally:
        done()


def with_session(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        session = SessionLocal()
        try:
            return function(session, *args, **kwargs)
        finally:
            session.close()

    return wrapper


@contextmanager
def scope():
    session = SessionLocal()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


@asynccontextmanager
async def async_scope():
    session = AsyncSessionLocal()
    try:
        yield session
    finally:
        await session.close()


def by_scope(play_id: int) -> str:
    with scope() as session:
        play = session.get(Play, play_id)
        if play is None:
            return ""
        return play.title


async def by_async_scope() -> list[str]:
    async with async_scope() as session:
        return (await session.scalars(select(Play.title))).all()


class BoxOffice:
    def _close(self, session) -> None:
        session.close()

    def free_seats(self) -> list[int]:
        session = SessionLocal()
        try:
            return session.scalars(select(Seat.id).where(Seat.free)).all()
        finally:
            self._close(session)
