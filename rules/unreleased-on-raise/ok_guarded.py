"""Raising is fine when the provider closes in a finally or a with: it runs for every exception."""
from contextlib import asynccontextmanager, closing, contextmanager

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from hotel.models import Room

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///hotel"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///hotel"))


def with_finally():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


def with_closing():
    with closing(SessionLocal()) as db:
        yield db


@contextmanager
def scope():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def with_scope():
    with scope() as db:
        yield db


async def with_async_block():
    async with AsyncSessionLocal() as session:
        yield session


async def with_async_finally():
    session = AsyncSessionLocal()
    try:
        yield session
    finally:
        await session.close()


@router.get("/1/{number}")
def one(number: int, db: Session = Depends(with_finally)):
    room = db.get(Room, number)
    if room is None:
        raise HTTPException(404)
    return {"beds": room.beds}


@router.get("/2/{number}")
def two(number: int, db: Session = Depends(with_closing)):
    if db.get(Room, number) is None:
        raise HTTPException(404)
    return {}


@router.get("/3/{number}")
def three(number: int, db: Session = Depends(with_scope)):
    if db.get(Room, number) is None:
        raise HTTPException(404)
    return {}


@router.get("/4/{number}")
async def four(number: int, session: AsyncSession = Depends(with_async_block)):
    if await session.get(Room, number) is None:
        raise HTTPException(404)
    return {}


@router.get("/5")
async def five(session: AsyncSession = Depends(with_async_finally)):
    beds = (await session.scalars(select(Room.beds))).all()
    if not beds:
        raise ValueError("no rooms")
    return sum(beds)
