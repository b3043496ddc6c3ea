"""Each task has a session of its own."""
# call: counts()
# observe: fails
import asyncio
import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(os.environ["ASYNC_DATABASE_URL"])


async def count(table: str) -> int:
    async with AsyncSession(engine) as session:
        return (await session.execute(text(f"select count(*), pg_sleep(0.1) from {table}"))).scalar()


async def counts() -> list:
    return await asyncio.gather(count("items"), count("children"))
