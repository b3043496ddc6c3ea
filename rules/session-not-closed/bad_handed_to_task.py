"""A session that is made for a task or a thread, which leaves it open: nobody else has it."""
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from fastapi import BackgroundTasks
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from depot.models import Pallet

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))
AsyncLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///depot"))
pool = ThreadPoolExecutor()


def weigh(db, pallet_id):
    print(db.scalar(select(Pallet.weight).where(Pallet.id == pallet_id)))


def move(db, pallet_id):
    pallet = db.get(Pallet, pallet_id)
    if pallet is None:
        return
    pallet.place = "north"
    db.commit()
    db.close()


async def weigh_async(db):
    print(await db.scalar(select(Pallet.weight)))


def in_background(tasks: BackgroundTasks) -> None:
    db = SessionLocal()  # expect: session-not-closed "the background task weigh leaves it open"
    tasks.add_task(weigh, db, 1)


def in_thread() -> None:
    db = SessionLocal()  # expect: session-not-closed "the thread weigh leaves it open"
    threading.Thread(target=weigh, args=(db, 1)).start()


def in_pool(pallet_id: int) -> None:
    db = SessionLocal()  # expect: session-not-closed "the thread move leaves it open"
    print(db.get(Pallet, pallet_id))
    pool.submit(move, db, pallet_id)


async def in_task() -> None:
    db = AsyncLocal()  # expect: session-not-closed "the task weigh_async leaves it open"
    asyncio.create_task(weigh_async(db))
