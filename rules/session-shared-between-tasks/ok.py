import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

engine = create_async_engine("postgresql+asyncpg:///store")
sync_engine = create_engine("postgresql:///store")
Sessions = async_sessionmaker(engine)
lock = asyncio.Lock()


async def count(session: AsyncSession, table: str) -> int:
    return (await session.execute(text(f"select count(*) from {table}"))).scalar()


async def count_alone(table: str) -> int:
    async with Sessions() as session:
        return (await session.execute(text(f"select count(*) from {table}"))).scalar()


async def count_in_turn(session: AsyncSession, table: str) -> int:
    async with lock:
        return (await session.execute(text(f"select count(*) from {table}"))).scalar()


async def fetch(url: str) -> str:
    await asyncio.sleep(1)
    return url


def add_up(session: Session) -> int:
    return session.execute(text("select sum(pages) from book")).scalar()


async def one_after_another(session: AsyncSession):
    return [await count(session, "book"), await count(session, "shelf")]


async def own_sessions(tables):
    return await asyncio.gather(*[count_alone(table) for table in tables])


async def two_sessions():
    async with Sessions() as first, Sessions() as second:
        return await asyncio.gather(count(first, "book"), count(second, "shelf"))


# only one of them has it
async def one_of_them(session: AsyncSession, urls):
    return await asyncio.gather(count(session, "book"), fetch("one"), *[fetch(url) for url in urls])


async def in_turn(session: AsyncSession):
    return await asyncio.gather(count_in_turn(session, "book"), count_in_turn(session, "shelf"))


# each round waits for its own
async def waits_in_loop(session: AsyncSession, tables):
    for table in tables:
        tasks = []
        tasks.append(count(session, table))
        tasks.append(fetch(table))
        await asyncio.gather(*tasks)


async def each_its_own(tables):
    tasks = []
    for table in tables:
        session = Sessions()
        tasks.append(asyncio.create_task(count(session, table)))
    await asyncio.gather(*tasks)


async def awaited_before(session: AsyncSession):
    task = asyncio.create_task(count(session, "book"))
    books = await task
    return books + await count(session, "shelf")


async def waited_for_before(session: AsyncSession):
    task = asyncio.create_task(count(session, "book"))
    await asyncio.wait_for(task, 5)
    await session.execute(text("select 1"))


async def awaited_at_once(session: AsyncSession, tables):
    for table in tables:
        await asyncio.create_task(count(session, table))


async def either(session: AsyncSession, books: bool):
    if books:
        task = asyncio.create_task(count(session, "book"))
    else:
        task = asyncio.create_task(count(session, "shelf"))
    return await task


async def group_is_left(session: AsyncSession):
    async with asyncio.TaskGroup() as group:
        group.create_task(count(session, "book"))
        group.create_task(fetch("one"))
    await session.execute(text("select 1"))


def joined_before():
    with Session(sync_engine) as session:
        thread = threading.Thread(target=add_up, args=(session,))
        thread.start()
        thread.join()
        session.execute(text("select 1"))


def result_at_once(names):
    with Session(sync_engine) as session, ThreadPoolExecutor() as workers:
        for _ in names:
            workers.submit(add_up, session).result()
