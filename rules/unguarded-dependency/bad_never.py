"""Nothing gives the session back, not even after a user that returned."""
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql:///market")
async_engine = create_async_engine("postgresql+asyncpg:///market")
SessionLocal = sessionmaker(engine)


def get_session():
    yield SessionLocal()  # expect: unguarded-dependency


def only_rolls_back():
    db = Session(engine)
    try:
        # a user that returns leaves its transaction open
        yield db  # expect: unguarded-dependency
    except Exception:
        db.rollback()
        raise


def flushes():
    db = SessionLocal()
    try:
        yield db  # expect: unguarded-dependency
    finally:
        db.flush()


@asynccontextmanager
async def read_only():
    session = AsyncSession(async_engine, expire_on_commit=False)
    yield session  # expect: unguarded-dependency


router = APIRouter(dependencies=[Depends(flushes)])
Db = Annotated[Session, Depends(get_session)]
Scratch = Annotated[Session, Depends(only_rolls_back)]
