"""A session that another thread makes, or works with, while the function waits: it is the function's all the same."""
import asyncio

from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker
from starlette.concurrency import run_in_threadpool

from depot.models import Pallet

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))


def open_session():
    return SessionLocal()


def heavy(db):
    return db.scalars(select(Pallet.id)).all()


def heavy_and_close(db):
    found = db.scalars(select(Pallet.id)).all()
    if found:
        db.close()
    return found


def shut(db):
    db.close()


async def made_in_a_thread() -> int:
    db = await run_in_threadpool(open_session)  # expect: session-not-closed "`db`"
    return len(await run_in_threadpool(heavy, db))


async def made_by_its_maker() -> int:
    db = await asyncio.to_thread(SessionLocal)  # expect: session-not-closed "`db`"
    return len(heavy(db))


async def made_by_the_loop() -> int:
    loop = asyncio.get_running_loop()
    db = await loop.run_in_executor(None, open_session)  # expect: session-not-closed "`db`"
    return len(await loop.run_in_executor(None, heavy, db))


async def not_always_closed() -> int:
    db = SessionLocal()  # expect: session-not-closed "`db`"
    found = await run_in_threadpool(heavy_and_close, db)
    return len(found)


async def skipped_by_an_error() -> int:
    db = await run_in_threadpool(open_session)  # expect: session-not-closed "raises"
    found = await run_in_threadpool(heavy, db)
    await run_in_threadpool(shut, db)
    return len(found)
