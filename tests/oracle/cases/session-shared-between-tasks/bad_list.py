"""All of a list are asked for at once, with one session."""
# call: counts()
# observe: fails
# statements: none
# coarser(old): the driver of SQLAlchemy 1.4 lets the tasks wait for each other; only their order is left to chance
import asyncio
import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(os.environ["ASYNC_DATABASE_URL"])


async def count(session: AsyncSession, table: str) -> int:
    return (await session.execute(text(f"select count(*), pg_sleep(0.1) from {table}"))).scalar()


async def counts() -> list:
    async with AsyncSession(engine) as session:
        return await asyncio.gather(*[count(session, table) for table in ("items", "children")])
