"""What is awaited, gathered, shielded, returned or kept is run; what AsyncSession does at once needs no await."""
import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from garden.models import Plant

engine = create_async_engine("postgresql+asyncpg:///garden")
make_session = async_sessionmaker(engine)


async def awaited() -> str | None:
    session = make_session()
    try:
        return await session.scalar(select(Plant.name))
    finally:
        await session.close()


async def shielded() -> str | None:
    session = AsyncSession(engine)
    try:
        return await session.scalar(select(Plant.name))
    finally:
        await asyncio.shield(session.close())


async def gathered(name: str) -> None:
    one, two = make_session(), make_session()
    one.add(Plant(name=name))
    two.add(Plant(name=name))
    await asyncio.gather(one.commit(), two.commit())
    await asyncio.gather(one.close(), two.close())


async def kept() -> None:
    session = make_session()
    await session.execute(select(Plant))
    closing = session.close()
    await closing


def returned(session: AsyncSession):
    return session.close()


async def at_once(plant: Plant) -> None:
    async with make_session() as session:
        session.add(plant)
        session.expunge_all()
        session.sync_session.rollback()
