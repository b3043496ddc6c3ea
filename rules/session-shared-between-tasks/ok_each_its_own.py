import asyncio

import asyncpg
import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://localhost/shop")
maker = async_sessionmaker(engine)
Scoped = async_scoped_session(maker, scopefunc=asyncio.current_task)


async def each(key):
    async with maker() as session:
        return await session.get(Thing, key)


async def together(keys):
    return await asyncio.gather(*(each(key) for key in keys))


async def one_after_another(keys):
    async with maker() as session:
        return [await session.get(Thing, key) for key in keys]


async def scoped():
    try:
        return await Scoped.scalar(select(Thing))
    finally:
        await Scoped.remove()


async def materialised():
    async with maker() as session:
        names = (await session.scalars(select(Thing.name))).all()
    async with httpx.AsyncClient() as client:
        return await client.post("https://x.example", json=list(names))


async def begun():
    async with maker.begin() as session:
        session.add(Thing())


async def by_hand():
    session = AsyncSession(engine)
    try:
        async with session.begin():
            session.add(Thing())
    finally:
        await session.close()


async def shielded():
    session = maker()
    try:
        await session.execute(select(Thing))
    finally:
        await asyncio.shield(session.close())


async def pooled(pool: asyncpg.Pool):
    async with pool.acquire() as conn:
        async with conn.transaction():
            await conn.execute("DELETE FROM a")


async def pooled_by_hand(pool: asyncpg.Pool):
    conn = await pool.acquire()
    try:
        tr = conn.transaction()
        await tr.start()
        try:
            await conn.execute("DELETE FROM a")
        except BaseException:
            await tr.rollback()
            raise
        else:
            await tr.commit()
    finally:
        await pool.release(conn)


async def queue_worker(queue: asyncio.Queue):
    while True:
        key = await queue.get()
        async with maker() as session:
            thing = await session.get(Thing, key)
            thing.seen = True
            await session.commit()
        queue.task_done()


async def locked(lock: asyncio.Lock, key):
    async with lock:
        async with maker() as session:
            return await session.get(Thing, key)


async def polled(key):
    while True:
        async with maker() as session:
            thing = await session.get(Thing, key)
            done = thing is not None and thing.done
        if done:
            return
        await asyncio.sleep(1)


async def committed_between(key):
    async with maker() as session:
        thing = await session.get(Thing, key)
        url = thing.url
        await session.commit()
        async with httpx.AsyncClient() as client:
            answer = await client.get(url)
        thing = await session.get(Thing, key)
        thing.text = answer.text
        await session.commit()
