"""A return runs the finally, or leaves the with, at once: the handler gets a closed session, and its first query re-opens it."""
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///farm"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///farm"))


def get_db():
    db = SessionLocal()
    try:
        return db  # expect: dependency-returns-session
    finally:
        db.close()


def get_session():
    with SessionLocal() as session:
        return session  # expect: dependency-returns-session


async def get_async_session():
    async with AsyncSessionLocal() as session:
        return session  # expect: dependency-returns-session


Db = Annotated[Session, Depends(get_db)]
Plain = Annotated[Session, Depends(get_session)]
AsyncDb = Annotated[AsyncSession, Depends(get_async_session)]
