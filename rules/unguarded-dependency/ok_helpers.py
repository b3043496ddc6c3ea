"""The finally closes through somebody else: a helper of this file, a method, or something that is not known here."""
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from depot.lifecycle import release

AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///depot"))
SessionLocal = sessionmaker(create_engine("postgresql:///depot"))


def end(session) -> None:
    session.rollback()
    session.close()


async def end_async(session) -> None:
    await session.close()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        end(db)


async def get_async_db():
    session = AsyncSessionLocal()
    try:
        yield session
    finally:
        await end_async(session)


def get_session():
    session = SessionLocal()
    try:
        yield session
    finally:
        release(session)


class Database:
    def __init__(self, url: str):
        self.maker = sessionmaker(create_engine(url))

    def _end(self, session) -> None:
        session.close()

    @contextmanager
    def session(self):
        session = self.maker()
        try:
            yield session
        finally:
            self._end(session)

    def provide(self):
        with self.session() as session:
            yield session


database = Database("postgresql:///depot")
Db = Annotated[Session, Depends(get_db)]
AsyncDb = Annotated[AsyncSession, Depends(get_async_db)]
Provided = Annotated[Session, Depends(database.provide)]
