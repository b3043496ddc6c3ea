"""An async close without await makes a coroutine that nobody runs."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from garden.models import Plant

router = APIRouter()
make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg:///garden"))


async def get_session():
    async with make_session() as session:
        yield session


async def count() -> int:
    session = make_session()
    try:
        return len((await session.scalars(select(Plant))).all())
    finally:
        session.close()  # expect: release-not-called "not awaited"


@router.post("/plants/{name}")
async def plant(name: str, session: AsyncSession = Depends(get_session)):
    session.add(Plant(name=name))
    session.commit()  # expect: release-not-called "not awaited"
    return {"name": name}
