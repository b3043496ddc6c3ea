"""A finally or a with around the yield: it runs for every exception."""
import logging
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

logger = logging.getLogger(__name__)
engine = create_engine("postgresql:///hotel")
async_engine = create_async_engine("postgresql+asyncpg:///hotel")
SessionLocal = sessionmaker(engine)
AsyncSessionLocal = async_sessionmaker(async_engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def get_session():
    with Session(engine) as session:
        yield session


def in_transaction():
    with SessionLocal() as session, session.begin():
        yield session


def begun():
    with SessionLocal.begin() as session:
        yield session


def with_closing():
    with closing(SessionLocal()) as db:
        yield db


def with_stack():
    with ExitStack() as stack:
        db = stack.enter_context(SessionLocal())
        yield db


def with_inner_try():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception as error:
        logger.error("rolled back: %s", error)
        try:
            db.rollback()
        except Exception:
            db.invalidate()
        raise
    finally:
        db.close()


def with_else():
    db = None
    try:
        db = SessionLocal()
        yield db
    except:
        if db is not None:
            db.rollback()
        raise
    else:
        db.commit()
    finally:
        if db:
            db.close()


async def get_async_session():
    async with AsyncSessionLocal() as session:
        yield session


async def get_async_db():
    session = AsyncSession(async_engine)
    try:
        yield session
    finally:
        await session.close()


async def async_unit():
    async with AsyncSessionLocal() as session:
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise


@contextmanager
def scope(commit: bool = True):
    session = SessionLocal()
    try:
        yield session
        if commit:
            session.commit()
    finally:
        session.close()


@asynccontextmanager
async def async_scope():
    session = AsyncSessionLocal()
    try:
        yield session
    finally:
        await session.close()


Unit = Annotated[Session, Depends(in_transaction)]
Begun = Annotated[Session, Depends(begun)]
Closing = Annotated[Session, Depends(with_closing)]
Stack = Annotated[Session, Depends(with_stack)]
Inner = Annotated[Session, Depends(with_inner_try)]
Else = Annotated[Session, Depends(with_else)]
AsyncUnit = Annotated[AsyncSession, Depends(async_unit)]
