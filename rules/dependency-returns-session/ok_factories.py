"""Factories: no Depends names them, and whoever calls them closes what they return."""
from sqlalchemy import create_engine, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from quarry.models import Stone

SessionLocal = sessionmaker(create_engine("postgresql:///quarry"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///quarry"))


def get_db() -> Session:
    return SessionLocal()


def new_session(schema: str) -> Session:
    session = SessionLocal()
    session.execute(text("SET search_path TO quarry"))
    return session


async def get_async_session() -> AsyncSession:
    return AsyncSessionLocal()


def stones() -> list[str]:
    with get_db() as db:
        return db.scalars(select(Stone.name)).all()


def heavy_stones() -> list[str]:
    session = new_session("quarry")
    try:
        return session.scalars(select(Stone.name).where(Stone.weight > 100)).all()
    finally:
        session.close()


async def all_stones() -> list[str]:
    async with await get_async_session() as session:
        return (await session.scalars(select(Stone.name))).all()
