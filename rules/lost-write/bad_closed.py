"""A session of one's own that is closed with its writes."""
from contextlib import contextmanager

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from bakery.models import Loaf

engine = create_engine("postgresql:///bakery")
async_engine = create_async_engine("postgresql+asyncpg:///bakery")
SessionLocal = sessionmaker(engine)


def closed(name: str) -> None:
    db = SessionLocal()
    db.add(Loaf(name=name))
    db.close()  # expect: lost-write "`db` is closed with writes that nobody commits"


def in_a_finally(name: str) -> int:
    db = SessionLocal()
    try:
        loaf = Loaf(name=name)
        db.add(loaf)
        db.flush()
        return loaf.id
    finally:
        db.close()  # expect: lost-write


def block(names: list[str]) -> None:
    with Session(engine) as db:  # expect: lost-write
        for name in names:
            db.add(Loaf(name=name))


async def async_block(loaf_id: int) -> None:
    async with AsyncSession(async_engine) as session:  # expect: lost-write
        loaf = await session.get(Loaf, loaf_id)
        await session.delete(loaf)


def committed_too_early(name: str) -> None:
    with SessionLocal() as db:  # expect: lost-write
        db.execute(select(Loaf))
        db.commit()
        db.add(Loaf(name=name))


@contextmanager
def scope():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def by_a_scope_that_only_closes(name: str) -> None:
    with scope() as db:  # expect: lost-write
        db.add(Loaf(name=name))


def put(db: Session, name: str) -> None:
    db.add(Loaf(name=name))
    db.flush()


def by_a_helper_that_flushes(name: str) -> None:
    with SessionLocal() as db:  # expect: lost-write
        db.add(Loaf(name="first"))
        put(db, name)


def at_once(names: list[str]) -> None:
    db = SessionLocal()
    db.add_all(names)
    db.close()  # expect: lost-write
