"""Generators of the project that read with a session: who has read them has the session open."""
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from herbarium.models import Leaf

SessionLocal = sessionmaker(create_engine("postgresql:///herbarium"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///herbarium"))


def leaves(db):
    for leaf in db.execute(select(Leaf)):
        yield leaf


async def leaves_later(db):
    for leaf in await db.execute(select(Leaf)):
        yield leaf


def in_a_loop():
    db = SessionLocal()  # expect: session-not-closed
    for leaf in leaves(db):
        print(leaf)


def through_a_local():
    db = SessionLocal()  # expect: session-not-closed
    found = leaves(db)
    for leaf in found:
        print(leaf)


def as_a_list():
    db = SessionLocal()  # expect: session-not-closed
    return list(leaves(db))


def in_a_comprehension():
    db = SessionLocal()  # expect: session-not-closed
    return [leaf.id for leaf in leaves(db)]


def summed():
    db = SessionLocal()  # expect: session-not-closed
    return sum(leaf.size for leaf in leaves(db))


def passed_through():
    db = SessionLocal()  # expect: session-not-closed
    yield from leaves(db)


async def later():
    db = AsyncSessionLocal()  # expect: session-not-closed
    async for leaf in leaves_later(db):
        print(leaf)
