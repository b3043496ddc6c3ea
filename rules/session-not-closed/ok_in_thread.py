"""Work that another thread does and that is waited for: a session is made, used and closed there as by a plain call."""
import asyncio

import anyio.to_thread
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker
from starlette.concurrency import run_in_threadpool

from depot.models import Pallet
from depot.pools import borrow, enlist

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))


def open_session():
    return SessionLocal()


def heavy(db):
    return db.scalars(select(Pallet.id)).all()


def heavy_and_close(db):
    try:
        return db.scalars(select(Pallet.id)).all()
    finally:
        db.close()


def shut(limit, db):
    db.close()


kept = SessionLocal()


def kept_session():
    return kept


async def closed_by_the_function() -> int:
    db = SessionLocal()
    return len(await run_in_threadpool(heavy_and_close, db))


async def closed_in_a_thread() -> int:
    db = await run_in_threadpool(open_session)
    try:
        return len(await run_in_threadpool(heavy, db))
    finally:
        await run_in_threadpool(db.close)


async def closed_here() -> int:
    db = await asyncio.to_thread(SessionLocal)
    try:
        return len(heavy(db))
    finally:
        db.close()


async def closed_by_keyword() -> int:
    db = await asyncio.to_thread(open_session)
    try:
        return len(heavy(db))
    finally:
        await asyncio.to_thread(shut, 3, db=db)


async def closed_by_the_loop() -> int:
    loop = asyncio.get_running_loop()
    db = await loop.run_in_executor(None, open_session)
    try:
        return len(await loop.run_in_executor(None, heavy, db))
    finally:
        await loop.run_in_executor(None, shut, 3, db)


async def handed_on():
    db = await anyio.to_thread.run_sync(open_session)  # note: held, the caller has it
    heavy(db)
    return db


async def somebody_elses() -> int:
    db = await run_in_threadpool(kept_session)
    other = await run_in_threadpool(borrow)
    return len(heavy(db)) + len(heavy(other))


async def who_knows() -> int:
    db = await run_in_threadpool(open_session)
    found = await run_in_threadpool(heavy, db)
    enlist(db)
    return len(found)


async def never_used() -> None:
    db = await run_in_threadpool(open_session)
    print(db.info)
