"""A finally that closes, in all its spellings."""
import logging

from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from bakery.models import Loaf

logger = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///bakery"))


def price(loaf_id: int) -> int:
    db = SessionLocal()
    try:
        loaf = db.get(Loaf, loaf_id)
        if loaf is None:
            raise LookupError(loaf_id)
        return loaf.price
    finally:
        db.close()


def bake(name: str) -> bool:
    db = SessionLocal()
    try:
        db.add(Loaf(name=name))
        db.commit()
    except IntegrityError:
        db.rollback()
        return False
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()
    return True


def sell(loaf_id: int) -> None:
    db = None
    try:
        db = SessionLocal()
        db.delete(db.get(Loaf, loaf_id))
        db.commit()
    except Exception:
        logger.exception("cannot sell %s", loaf_id)
        if db:
            db.rollback()
    finally:
        if db is not None:
            db.close()


def guarded_close(loaf_id: int) -> int:
    db = SessionLocal()
    try:
        return db.get(Loaf, loaf_id).price
    finally:
        try:
            db.close()
        except Exception:
            logger.warning("close failed")


def nested(loaf_id: int) -> int:
    db = SessionLocal()
    try:
        try:
            loaf = db.get(Loaf, loaf_id)
            db.commit()
        except Exception:
            db.rollback()
            raise
        return loaf.price
    finally:
        db.close()


def count_stale(days: list[int]) -> int:
    total = 0
    for day in days:
        db = SessionLocal()
        try:
            loaves = db.scalars(select(Loaf).where(Loaf.day == day)).all()
            if not loaves:
                continue
            if loaves[0].fresh:
                break
            total += len(loaves)
        finally:
            db.close()
    return total


def rolled_back(loaf_id: int) -> int:
    db = SessionLocal()
    try:
        return db.get(Loaf, loaf_id).price
    finally:
        db.rollback()


async def names() -> list[str]:
    session = AsyncSessionLocal()
    try:
        return (await session.scalars(select(Loaf.name))).all()
    finally:
        await session.close()


async def names_of(kind: str) -> list[str]:
    session = AsyncSessionLocal()
    try:
        rows = await session.scalars(select(Loaf.name).where(Loaf.kind == kind))
        return rows.all()
    except BaseException:
        await session.rollback()
        raise
    finally:
        await session.aclose()
