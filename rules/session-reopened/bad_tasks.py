"""Nobody waits for the task or thread: it runs on when the session has been closed."""

import asyncio
from functools import partial
from threading import Thread

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from harbour.db import AsyncSessionLocal, SessionLocal, get_async_session, get_db
from harbour.models import Ship

router = APIRouter()
running = set()


async def count(session, kind="all"):
    await asyncio.sleep(10)
    return await session.scalar(select(Ship.id))


def recount(db, kind="all"):
    return db.scalar(select(Ship.id))


@router.post("/task")
async def task(session: AsyncSession = Depends(get_async_session)):
    asyncio.create_task(count(session))  # expect: session-reopened "the task count uses"
    return {}


@router.post("/kept")
async def kept_alive(session: AsyncSession = Depends(get_async_session)):
    task = asyncio.create_task(count(session, kind="some"))  # expect: session-reopened
    running.add(task)
    task.add_done_callback(running.discard)
    return {}


@router.post("/thread")
def thread(db: Session = Depends(get_db)):
    Thread(target=recount, args=(db,)).start()  # expect: session-reopened "the thread recount"
    return {}


@router.post("/keywords")
def thread_with_keywords(db: Session = Depends(get_db)):
    worker = Thread(target=recount, kwargs={"db": db}, daemon=True)  # expect: session-reopened
    worker.start()
    return {}


@router.post("/executor")
async def executor(db: Session = Depends(get_db)):
    asyncio.get_running_loop().run_in_executor(None, partial(recount, db))  # expect: session-reopened
    return {}


@router.post("/block")
async def own_block():
    async with AsyncSessionLocal() as session:
        asyncio.create_task(count(session))  # expect: session-reopened
    return {}


@router.post("/tasks")
def background_in_a_block(tasks: BackgroundTasks):
    with SessionLocal() as db:
        tasks.add_task(recount, db, kind="some")  # expect: session-reopened
    return {}
