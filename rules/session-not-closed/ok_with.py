"""A with block closes, whatever leaves it: with, async with, begin(), closing(), ExitStack, a with on the variable later."""
import contextlib
from contextlib import AsyncExitStack, ExitStack, closing

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from cellar.models import Bottle, Shelf

engine = create_engine("postgresql:///cellar")
async_engine = create_async_engine("postgresql+asyncpg:///cellar")
SessionLocal = sessionmaker(engine)
async_session_maker = async_sessionmaker(async_engine)


def bottle(bottle_id: int) -> str:
    with SessionLocal() as db:
        found = db.get(Bottle, bottle_id)
        if found is None:
            return ""
        return found.label


def put(label: str) -> None:
    with Session(engine) as session, session.begin():
        session.add(Bottle(label=label))


def put_all(labels: list[str]) -> None:
    with SessionLocal.begin() as session:
        for label in labels:
            if session.scalar(select(Bottle.id).where(Bottle.label == label)):
                raise ValueError(label)
            session.add(Bottle(label=label))


def shelves() -> list[str]:
    with closing(SessionLocal()) as db:
        return db.scalars(select(Shelf.name)).all()


def shelf(shelf_id: int) -> str:
    db = SessionLocal()
    with contextlib.closing(db):
        return db.get(Shelf, shelf_id).name


def later(shelf_id: int) -> str:
    session = SessionLocal()
    with session:
        return session.get(Shelf, shelf_id).name


def transaction(shelf_id: int, name: str) -> None:
    session = SessionLocal()
    # leaving begin() commits or rolls back, and that gives the connection back
    with session.begin():
        session.get(Shelf, shelf_id).name = name


def stacked(shelf_id: int) -> str:
    with ExitStack() as stack:
        db = stack.enter_context(SessionLocal())
        return db.get(Shelf, shelf_id).name


def stacked_callback(shelf_id: int) -> str:
    with ExitStack() as stack:
        db = SessionLocal()
        stack.callback(db.close)
        return db.get(Shelf, shelf_id).name


async def labels() -> list[str]:
    async with async_session_maker() as session:
        return (await session.scalars(select(Bottle.label))).all()


async def move(bottle_id: int, shelf_id: int) -> bool:
    async with AsyncSession(async_engine) as session, session.begin():
        found = await session.get(Bottle, bottle_id)
        if found is None:
            return False
        found.shelf_id = shelf_id
    return True


async def stacked_async() -> list[str]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(async_session_maker())
        return (await session.scalars(select(Bottle.label))).all()


async def each_round(rounds: int) -> int:
    total = 0
    for _ in range(rounds):
        session = async_session_maker()
        async with session:
            total += len((await session.scalars(select(Bottle.id))).all())
    return total
