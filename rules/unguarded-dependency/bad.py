"""No try around the yield: whatever the user raises skips the lines behind it."""
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///hotel"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///hotel"))


def get_db():
    db = SessionLocal()
    yield db  # expect: unguarded-dependency "`db`"
    db.close()


def unit_of_work():
    session = SessionLocal()
    yield session  # expect: unguarded-dependency "unit_of_work"
    session.commit()
    session.close()


async def get_async_session():
    session = AsyncSessionLocal()
    yield session  # expect: unguarded-dependency "`session`"
    await session.close()


@contextmanager
def session_scope():
    session = SessionLocal()
    yield session  # expect: unguarded-dependency "session_scope"
    session.commit()
    session.close()


Db = Annotated[Session, Depends(get_db)]
Unit = Annotated[Session, Depends(unit_of_work)]
AsyncDb = Annotated[AsyncSession, Depends(get_async_session)]
