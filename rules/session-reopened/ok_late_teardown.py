# options: --fastapi-version=0.128.0
"""The dependency closes its session after the tasks; whoever waits for its task keeps the session."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from harbour.db import AsyncSessionLocal, SessionLocal, get_async_session, get_db
from harbour.models import Ship

router = APIRouter()
executor = ThreadPoolExecutor()


async def count(session):
    return await session.scalar(select(Ship.id))


def recount(db):
    return db.scalar(select(Ship.id))


def recount_with_own(ship_id):
    with SessionLocal() as db:
        db.get(Ship, ship_id)


async def count_and_close(session):
    await session.scalar(select(Ship.id))
    await session.close()


@router.post("/awaited")
async def awaited_tasks(session: AsyncSession = Depends(get_async_session)):
    task = asyncio.create_task(count(session))
    await asyncio.sleep(1)
    result = await task
    await session.commit()
    return result


@router.post("/gathered")
async def gathered(session: AsyncSession = Depends(get_async_session)):
    first = asyncio.create_task(count(session))
    second = asyncio.ensure_future(count(session))
    result = await asyncio.gather(first, second)
    await session.commit()
    return result


@router.post("/executor")
async def executor_awaited(db: Session = Depends(get_db)):
    loop = asyncio.get_running_loop()
    result = await loop.run_in_executor(None, recount, db)
    db.commit()
    return result


@router.post("/joined")
def joined(db: Session = Depends(get_db)):
    thread = Thread(target=recount, args=(db,))
    thread.start()
    thread.join()
    db.commit()
    return {}


@router.post("/result")
def result_waited_for(db: Session = Depends(get_db)):
    future = executor.submit(recount, db)
    result = future.result()
    db.commit()
    return result


@router.post("/own")
async def own_session_in_the_task(ship_id: int, tasks: BackgroundTasks):
    tasks.add_task(recount_with_own, ship_id)
    Thread(target=recount_with_own, args=(ship_id,)).start()
    return {}


@router.post("/closes")
async def the_task_closes_it(session: AsyncSession = Depends(get_async_session)):
    asyncio.create_task(count_and_close(session))
    return {}


@router.post("/block")
async def awaited_in_the_block():
    async with AsyncSessionLocal() as session:
        task = asyncio.create_task(count(session))
        return await task


@router.post("/group")
async def structured():
    async with AsyncSessionLocal() as session:
        async with asyncio.TaskGroup() as group:
            group.create_task(count(session))
    return {}
