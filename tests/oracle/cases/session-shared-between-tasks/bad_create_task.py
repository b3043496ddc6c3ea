"""A task is started with the session that goes on being used."""
# call: counts()
# observe: fails
# coarser(old): the driver of SQLAlchemy 1.4 lets the tasks wait for each other; only their order is left to chance
import asyncio
import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(os.environ["ASYNC_DATABASE_URL"])


async def count(session: AsyncSession) -> int:
    return (await session.execute(text("select count(*), pg_sleep(1) from items"))).scalar()


async def counts() -> int:
    async with AsyncSession(engine) as session:
        task = asyncio.create_task(count(session))
        await asyncio.sleep(0.3)
        await session.execute(text("select count(*) from children"))
        return await task
