"""The same with a session that the function made itself, and in a provider."""
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from stats.models import Sample

SessionLocal = sessionmaker(create_engine("postgresql:///stats"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///stats"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.commit()  # expect: release-skipped-by-error "`db`"
        db.close()


def total() -> int:
    session = SessionLocal()
    try:
        return len(session.scalars(select(Sample.id)).all())
    finally:
        session.commit()  # expect: release-skipped-by-error "`session`"
        session.close()


async def total_async() -> int:
    session = AsyncSessionLocal()
    try:
        return len((await session.scalars(select(Sample.id))).all())
    finally:
        await session.commit()  # expect: release-skipped-by-error
        await session.close()
