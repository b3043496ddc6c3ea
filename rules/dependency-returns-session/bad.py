"""Dependencies that return the session they opened: nobody will close it."""
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql:///farm")
SessionLocal = sessionmaker(engine)
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///farm"))


def get_db():
    return SessionLocal()  # expect: dependency-returns-session "get_db"


def get_session() -> Session:
    session = Session(engine)
    session.execute(text("SET search_path TO farm"))
    return session  # expect: dependency-returns-session


async def get_async_session() -> AsyncSession:
    return AsyncSessionLocal()  # expect: dependency-returns-session


def replica(read_only: bool = True):
    db = SessionLocal()
    if read_only:
        db.execute(text("SET TRANSACTION READ ONLY"))
        return db  # expect: dependency-returns-session "replica"
    return db


Db = Annotated[Session, Depends(get_db)]
Plain = Annotated[Session, Depends(get_session)]
AsyncDb = Annotated[AsyncSession, Depends(get_async_session)]
Replica = Annotated[Session, Depends(replica)]
