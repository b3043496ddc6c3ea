import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg:///store")
Sessions = async_sessionmaker(engine)


async def count(session: AsyncSession, table: str) -> int:
    return (await session.execute(text(f"select count(*) from {table}"))).scalar()


class Shelf:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def books(self):
        return (await self.session.execute(text("select * from book"))).all()

    async def authors(self):
        return (await self.session.execute(text("select * from author"))).all()


async def two():
    async with Sessions() as session:
        return await asyncio.gather(count(session, "book"), count(session, "shelf"))  # expect: session-shared-between-tasks "`session` is used by several tasks"


async def given(session: AsyncSession):
    return await asyncio.gather(  # expect: session-shared-between-tasks
        session.execute(text("select 1")),
        session.execute(text("select 2")),
    )


async def many(session: AsyncSession, tables):
    return await asyncio.gather(*[count(session, table) for table in tables])  # expect: session-shared-between-tasks


async def generated(session: AsyncSession, tables):
    return await asyncio.gather(*(count(session, table) for table in tables))  # expect: session-shared-between-tasks


async def listed(session: AsyncSession, tables):
    tasks = [count(session, table) for table in tables]
    return await asyncio.gather(*tasks, return_exceptions=True)  # expect: session-shared-between-tasks


async def appended(session: AsyncSession, tables):
    tasks = []
    for table in tables:
        tasks.append(count(session, table))
    return await asyncio.gather(*tasks)  # expect: session-shared-between-tasks


async def through_object(session: AsyncSession):
    shelf = Shelf(session)
    return await asyncio.gather(shelf.books(), shelf.authors())  # expect: session-shared-between-tasks
