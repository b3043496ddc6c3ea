"""A generator in a local lives as long as the function: its finally closes the session when it is dropped or resumed."""
from contextlib import aclosing, asynccontextmanager, contextmanager

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from garden.models import Bed, Plant

SessionLocal = sessionmaker(create_engine("postgresql:///garden"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///garden"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_async_db():
    async with AsyncSessionLocal() as session:
        yield session


def count_plants() -> int:
    g = get_db()
    db = next(g)
    return len(db.scalars(select(Plant.id)).all())


def plant(name: str) -> None:
    provider = get_db()
    db = provider.__next__()
    try:
        db.add(Plant(name=name))
        db.commit()
    finally:
        provider.close()


def count_beds() -> int:
    generator = get_db()
    db = next(generator)
    try:
        return len(db.scalars(select(Bed.id)).all())
    finally:
        next(generator, None)


async def first_bed() -> str:
    source = get_async_db()
    session = await anext(source)
    try:
        return await session.scalar(select(Bed.name).limit(1))
    finally:
        await source.aclose()


def all_beds() -> list[str]:
    for db in get_db():
        names = db.scalars(select(Bed.name)).all()
        if names:
            return names
    return []


async def all_plants() -> list[str]:
    names = []
    async for session in get_async_db():
        names = (await session.scalars(select(Plant.name))).all()
    return names


async def rename_all(name: str) -> None:
    async for session in get_async_db():
        for plant in await session.scalars(select(Plant)):
            plant.name = name
        await session.commit()
        break


async def closing_plants() -> list[str]:
    async with aclosing(get_async_db()) as sessions:
        async for session in sessions:
            return (await session.scalars(select(Plant.name))).all()
    return []


async def lend():
    async for session in get_async_db():
        yield session


async def nothing_ran(wanted: bool) -> bool:
    async for session in get_async_db():
        if not wanted:
            return session.is_active
    return False


def water(bed: str) -> int:
    with contextmanager(get_db)() as db:
        return len(db.scalars(select(Plant.id).where(Plant.bed == bed)).all())


async def water_all() -> int:
    async with asynccontextmanager(get_async_db)() as session:
        return len((await session.scalars(select(Plant.id))).all())
