"""Sessions that are made for a task, a thread or a job of a pool, and that somebody gives back."""
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from fastapi import BackgroundTasks
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from depot.models import Pallet
from depot.pools import enlist, weigh_elsewhere

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))
AsyncLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///depot"))
pool = ThreadPoolExecutor()
kept = []


def weigh_and_close(db, pallet_id):
    try:
        print(db.scalar(select(Pallet.weight).where(Pallet.id == pallet_id)))
    finally:
        db.close()


def weigh_within(db, pallet_id):
    with db:
        print(db.scalar(select(Pallet.weight).where(Pallet.id == pallet_id)))


def move(db, pallet_id):
    db.get(Pallet, pallet_id).place = "north"
    db.commit()


def weigh(db, pallet_id):
    print(db.scalar(select(Pallet.weight).where(Pallet.id == pallet_id)))


def weigh_through(db, pallet_id):
    enlist(db)
    weigh(db, pallet_id)


async def weigh_async(db):
    print(await db.scalar(select(Pallet.weight)))


def closed_by_task(tasks: BackgroundTasks) -> None:
    tasks.add_task(weigh_and_close, SessionLocal(), 1)


def closed_by_with(tasks: BackgroundTasks) -> None:
    db = SessionLocal()
    tasks.add_task(weigh_within, db, 1)


def ended_by_task() -> None:
    db = SessionLocal()
    threading.Thread(target=move, args=(db, 1)).start()


def unknown(tasks: BackgroundTasks) -> None:
    db = SessionLocal()
    tasks.add_task(weigh_elsewhere, db, 1)


def unknown_below(tasks: BackgroundTasks) -> None:
    db = SessionLocal()
    tasks.add_task(weigh_through, db, 1)


def closed_behind_it(tasks: BackgroundTasks) -> None:
    db = SessionLocal()
    tasks.add_task(weigh, db, 1)
    tasks.add_task(db.close)


def joined() -> None:
    db = SessionLocal()
    thread = threading.Thread(target=weigh, args=(db, 1))
    thread.start()
    thread.join()
    db.close()


def closed_by_callback() -> None:
    db = SessionLocal()
    job = pool.submit(weigh, db, 1)
    job.add_done_callback(lambda done: db.close())


def kept_elsewhere() -> None:
    db = SessionLocal()  # note: held, `kept` has it
    kept.append(db)
    pool.submit(weigh, db, 1)


def returned(tasks: BackgroundTasks):
    db = SessionLocal()
    tasks.add_task(weigh, db, 1)
    return db


async def waited_for() -> None:
    async with AsyncLocal() as db:
        await asyncio.create_task(weigh_async(db))
