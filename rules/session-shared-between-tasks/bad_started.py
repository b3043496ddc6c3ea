import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

engine = create_async_engine("postgresql+asyncpg:///store")
sync_engine = create_engine("postgresql:///store")
Sessions = async_sessionmaker(engine)


async def count(session: AsyncSession, table: str) -> int:
    return (await session.execute(text(f"select count(*) from {table}"))).scalar()


def add_up(session: Session, name: str) -> int:
    return session.execute(text("select sum(pages) from book where shelf = :name"), {"name": name}).scalar()


async def and_itself():
    async with Sessions() as session:
        task = asyncio.create_task(count(session, "book"))  # expect: session-shared-between-tasks "at the same time"
        await asyncio.sleep(0.02)
        await session.execute(text("select count(*) from shelf"))
        return await task


async def two():
    async with Sessions() as session:
        first = asyncio.create_task(count(session, "book"))  # expect: session-shared-between-tasks
        second = asyncio.create_task(count(session, "shelf"))
        return await first + await second


async def group(tables):
    async with Sessions() as session:
        async with asyncio.TaskGroup() as tasks:
            for table in tables:
                tasks.create_task(count(session, table))  # expect: session-shared-between-tasks


def workers_share(names):
    with Session(sync_engine) as session:
        with ThreadPoolExecutor() as workers:
            for name in names:
                workers.submit(add_up, session, name)  # expect: session-shared-between-tasks "several threads"


def thread_and_itself():
    with Session(sync_engine) as session:
        thread = threading.Thread(target=add_up, args=(session, "novels"))  # expect: session-shared-between-tasks
        thread.start()
        session.execute(text("select 1"))
        thread.join()
