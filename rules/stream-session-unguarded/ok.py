"""Generators whose session is taken back whoever stops reading, or holds nothing while they yield."""

from contextlib import contextmanager

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from station.db import AsyncSessionLocal, SessionLocal
from station.models import Train

router = APIRouter()


async def in_a_block():
    async with AsyncSessionLocal() as session:
        async for train in await session.stream_scalars(select(Train)):
            yield train.name


async def in_a_finally():
    session = AsyncSessionLocal()
    try:
        for name in await session.scalars(select(Train.name)):
            yield name
    finally:
        await session.close()


def read_first():
    db = SessionLocal()
    names = db.scalars(select(Train.name)).all()
    db.close()
    for name in names:
        yield name


def committed_before_each_yield():
    db = SessionLocal()
    for number in range(10):
        name = db.scalar(select(Train.name).where(Train.number == number))
        db.commit()
        yield name
    db.close()


def not_begun():
    db = SessionLocal()
    yield "header"
    for train in db.scalars(select(Train)).all():
        print(train)
    db.close()


def lent(db):
    for train in db.scalars(select(Train)):
        yield train.name
    db.close()


@contextmanager
def trains():
    """A context manager's own rule speaks for it."""
    db = SessionLocal()
    try:
        yield db.scalars(select(Train)).all()
    finally:
        db.close()


@router.get("/trains")
def stream():
    return StreamingResponse(in_a_block())
