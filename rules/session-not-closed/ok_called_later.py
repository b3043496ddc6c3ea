"""What closes the session is called another way: a lambda, a decorated closure, *args, a coroutine that is run later."""
import asyncio
from contextlib import ExitStack

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from ferry.models import Ticket

SessionLocal = sessionmaker(create_engine("postgresql:///ferry"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///ferry"))


def by_lambda():
    db = SessionLocal()
    end = lambda: db.close()
    try:
        return db.scalars(select(Ticket.id)).all()
    finally:
        end()


def by_decorated():
    with ExitStack() as stack:
        db = SessionLocal()

        @stack.callback
        def end():
            db.close()

        return db.scalars(select(Ticket.id)).all()


def close_it(db):
    db.close()


def forward(*args, **kwargs):
    return close_it(*args, **kwargs)


def by_star():
    db = SessionLocal()
    try:
        return db.scalars(select(Ticket.id)).all()
    finally:
        forward(db)


def by_star_keyword():
    db = SessionLocal()
    try:
        return db.scalars(select(Ticket.id)).all()
    finally:
        forward(db=db)


async def read_and_close(db):
    try:
        return await db.scalar(select(Ticket.id))
    finally:
        await db.close()


async def within_a_time():
    db = AsyncSessionLocal()
    return await asyncio.wait_for(read_and_close(db), 5)


async def gathered():
    first, second = AsyncSessionLocal(), AsyncSessionLocal()
    return await asyncio.gather(read_and_close(first), read_and_close(second))


async def awaited_later():
    db = AsyncSessionLocal()
    reading = read_and_close(db)
    print("soon")
    return await reading


async def as_a_task():
    db = AsyncSessionLocal()
    task = asyncio.create_task(read_and_close(db))
    return await task


def from_the_outside():
    db = AsyncSessionLocal()
    return asyncio.run(read_and_close(db))


def in_a_loop_of_ours():
    db = AsyncSessionLocal()
    return asyncio.get_event_loop().run_until_complete(read_and_close(db))
