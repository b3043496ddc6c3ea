"""`async for` over a provider that is left early: the rest of the generator becomes a task that nobody waits for."""
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from garden.models import Plant

AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///garden"))


async def get_async_db():
    async with AsyncSessionLocal() as session:
        yield session


async def first() -> str | None:
    async for session in get_async_db():  # expect: abandoned-generator "`async for` is left"
        return await session.scalar(select(Plant.name).limit(1))
    return None


async def until_found(names: list[str]) -> list[str]:
    found = []
    async for session in get_async_db():  # expect: abandoned-generator
        for name in names:
            found += (await session.scalars(select(Plant.name).where(Plant.name == name))).all()
        break
    return found


async def early_error(wanted: str) -> dict:
    async for db in get_async_db():  # expect: abandoned-generator
        plant = await db.scalar(select(Plant.name).where(Plant.name == wanted))
        if plant is None:
            return {"error": "no such plant"}
        await db.commit()
    return {"plant": plant}
