"""Guarded in other words: classes with __enter__, branches that each have a try, a nested generator, a stack of managers."""
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///theatre"))
ReadSession = sessionmaker(create_engine("postgresql:///replica"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///theatre"))


class Unit(AbstractContextManager):
    def __enter__(self):
        self.session = SessionLocal()
        return self.session

    def __exit__(self, *exc):
        self.session.close()


def by_class():
    with Unit() as session:
        yield session


def in_branches(read_only: bool = False):
    if read_only:
        db = ReadSession()
        try:
            yield db
        finally:
            db.close()
    else:
        with SessionLocal() as db:
            yield db


def chosen(read_only: bool = False):
    db = ReadSession() if read_only else SessionLocal()
    try:
        db.execute(text("SET statement_timeout = 1000"))
        yield db
    finally:
        with suppress(Exception):
            db.rollback()
        db.close()


def of_name(name: str):
    def provide():
        session = SessionLocal()
        try:
            session.execute(text("SET search_path TO theatre"))
            yield session
        finally:
            session.close()

    return provide


async def by_stack():
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(AsyncSessionLocal())
        await stack.enter_async_context(session.begin())
        yield session


@asynccontextmanager
async def savepoint():
    async with AsyncSessionLocal() as session, session.begin():
        async with session.begin_nested():
            yield session


@contextmanager
def tested():
    session = SessionLocal()
    try:
        session.execute(text("SELECT 1"))
    except Exception:
        session.close()
        raise
    try:
        yield session
    finally:
        session.close()


ByClass = Annotated[Session, Depends(by_class)]
InBranches = Annotated[Session, Depends(in_branches)]
Chosen = Annotated[Session, Depends(chosen)]
Named = Annotated[Session, Depends(of_name("theatre"))]
ByStack = Annotated[AsyncSession, Depends(by_stack)]
