"""The same generator taken apart in other words: anext, __next__, through a module, without a name."""
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from warehouse import database
from warehouse.database import get_session
from warehouse.models import Bin, Item

SessionLocal = sessionmaker(create_engine("postgresql:///warehouse"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///warehouse"))


def open_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_async_db():
    async with AsyncSessionLocal() as session:
        yield session


async def count_items() -> int:
    session = await anext(get_async_db())  # expect: abandoned-generator
    return len((await session.scalars(select(Item.id))).all())


async def count_bins() -> int:
    session = await get_async_db().__anext__()  # expect: abandoned-generator
    return len((await session.scalars(select(Bin.id))).all())


def first_item() -> str:
    db = get_session().__next__()  # expect: abandoned-generator "get_session"
    return db.scalar(select(Item.name).limit(1))


def first_bin() -> str:
    session = next(database.get_db())  # expect: abandoned-generator "get_db"
    return session.scalar(select(Bin.name).limit(1))


def last_bin() -> str:
    return next(get_session()).scalar(select(Bin.name).order_by(Bin.id.desc()).limit(1))  # expect: abandoned-generator


def names() -> list[str]:
    db = next(open_db(), None)  # expect: abandoned-generator "open_db"
    return db.scalars(select(Item.name)).all()
