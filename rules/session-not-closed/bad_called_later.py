"""Coroutines and lambdas that use the session and leave it open."""
import asyncio

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from ferry.models import Ticket

SessionLocal = sessionmaker(create_engine("postgresql:///ferry"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///ferry"))


def by_lambda():
    db = SessionLocal()  # expect: session-not-closed
    ids = lambda: db.scalars(select(Ticket.id)).all()
    return ids()


async def read(db):
    return await db.scalar(select(Ticket.id))


async def within_a_time():
    db = AsyncSessionLocal()  # expect: session-not-closed
    return await asyncio.wait_for(read(db), 5)


async def gathered():
    db = AsyncSessionLocal()  # expect: session-not-closed
    return await asyncio.gather(read(db))


async def awaited_later():
    db = AsyncSessionLocal()  # expect: session-not-closed
    reading = read(db)
    return await reading


async def as_a_task():
    db = AsyncSessionLocal()  # expect: session-not-closed
    task = asyncio.create_task(read(db))
    return await task
