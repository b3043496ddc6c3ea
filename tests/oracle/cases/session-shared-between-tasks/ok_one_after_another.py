"""One session, awaited one after another."""
# call: counts()
# observe: fails
import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(os.environ["ASYNC_DATABASE_URL"])


async def count(session: AsyncSession, table: str) -> int:
    return (await session.execute(text(f"select count(*) from {table}"))).scalar()


async def counts() -> list:
    async with AsyncSession(engine) as session:
        return [await count(session, "items"), await count(session, "children")]
