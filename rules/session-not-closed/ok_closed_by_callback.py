"""close without parentheses, handed to somebody who calls it: a thread, a task, a stack of clean-ups."""
import asyncio
from contextlib import AsyncExitStack, ExitStack

from fastapi import BackgroundTasks
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from opera.models import Aria

SessionLocal = sessionmaker(create_engine("postgresql:///opera"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///opera"))


async def by_threadpool() -> list[str]:
    db = SessionLocal()
    try:
        return await run_in_threadpool(lambda: db.scalars(select(Aria.title)).all())
    finally:
        await run_in_threadpool(db.close)


async def by_thread() -> list[str]:
    db = SessionLocal()
    try:
        return db.scalars(select(Aria.title)).all()
    finally:
        await asyncio.to_thread(db.close)


async def by_loop() -> list[str]:
    db = SessionLocal()
    try:
        return db.scalars(select(Aria.title)).all()
    finally:
        await asyncio.get_running_loop().run_in_executor(None, db.close)


async def shielded() -> list[str]:
    session = AsyncSessionLocal()
    try:
        return (await session.scalars(select(Aria.title))).all()
    finally:
        await asyncio.shield(session.close())


async def in_time() -> list[str]:
    session = AsyncSessionLocal()
    try:
        return (await session.scalars(select(Aria.title))).all()
    finally:
        await asyncio.wait_for(session.close(), timeout=5)


def after_the_response(background: BackgroundTasks) -> list[str]:
    db = SessionLocal()
    background.add_task(db.close)
    return db.scalars(select(Aria.title)).all()


def clean_ups(test) -> list[str]:
    db = SessionLocal()
    test.addCleanup(db.close)
    return db.scalars(select(Aria.title)).all()


def listed() -> list[str]:
    clean_up = []
    db = SessionLocal()
    clean_up.append(db.close)
    try:
        return db.scalars(select(Aria.title)).all()
    finally:
        for function in clean_up:
            function()


def pushed() -> list[str]:
    stack = ExitStack()
    db = stack.enter_context(SessionLocal())
    try:
        return db.scalars(select(Aria.title)).all()
    finally:
        stack.close()


async def pushed_async() -> list[str]:
    async with AsyncExitStack() as stack:
        session = AsyncSessionLocal()
        stack.push_async_callback(session.close)
        return (await session.scalars(select(Aria.title))).all()


def streamed() -> StreamingResponse:
    db = SessionLocal()

    def rows():
        try:
            for title in db.scalars(select(Aria.title)):
                yield title
        finally:
            db.close()

    return StreamingResponse(rows())
