"""More ways to close on every path: conditional acquisition, hasattr, match, retry, what a finally does first."""
import asyncio
import logging
import time
from contextlib import suppress

from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from post.metrics import observe
from post.models import Letter

logger = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///post"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///post"))


def conditional(dry_run: bool) -> int:
    db = None if dry_run else SessionLocal()
    try:
        return len(db.scalars(select(Letter.id)).all()) if db else 0
    finally:
        if db:
            db.close()


def asked() -> int:
    db = SessionLocal()
    try:
        return len(db.scalars(select(Letter.id)).all())
    finally:
        if db and hasattr(db, "close"):
            db.close()


def in_locals(letter_id: int) -> str:
    try:
        db = SessionLocal()
        return db.get(Letter, letter_id).text
    except OperationalError:
        return ""
    finally:
        if "db" in locals():
            db.close()


def assigned_in_test() -> int:
    if db := SessionLocal():
        try:
            return len(db.scalars(select(Letter.id)).all())
        finally:
            db.close()
    return 0


def retried() -> int:
    for attempt in range(3):
        db = SessionLocal()
        try:
            letters = db.scalars(select(Letter)).all()
            db.commit()
            return len(letters)
        except OperationalError:
            db.rollback()
            time.sleep(attempt)
        finally:
            db.close()
    raise RuntimeError("the database is away")


def forever() -> None:
    while True:
        db = SessionLocal()
        try:
            letter = db.scalar(select(Letter).where(Letter.sent.is_(False)).limit(1))
            if letter is None:
                time.sleep(1)
                continue
            letter.sent = True
            db.commit()
        except Exception:
            logger.exception("not sent")
            db.rollback()
        finally:
            db.close()


async def forever_async() -> None:
    while True:
        try:
            async with AsyncSessionLocal() as session:
                await session.scalars(select(Letter))
        except asyncio.CancelledError:
            break
        except Exception:
            logger.exception("not read")
        await asyncio.sleep(1)


def suppressed() -> int:
    db = SessionLocal()
    try:
        return len(db.scalars(select(Letter.id)).all())
    finally:
        with suppress(Exception):
            db.close()


def matched(kind: str) -> int:
    db = SessionLocal()
    try:
        match kind:
            case "sent":
                count = len(db.scalars(select(Letter.id).where(Letter.sent)).all())
            case _:
                count = len(db.scalars(select(Letter.id)).all())
    except Exception:
        db.close()
        raise
    match kind:
        case "sent":
            db.close()
        case _:
            db.rollback()
    return count


def by_transaction(letter_id: int) -> None:
    session = SessionLocal()
    transaction = session.begin()
    try:
        session.get(Letter, letter_id).sent = True
        transaction.commit()
    except BaseException:
        transaction.rollback()
        raise


def early(letter_id: int) -> str:
    if letter_id < 0:
        return ""
    started = time.monotonic()
    db = SessionLocal()
    observe("opened", started)
    try:
        letter = db.get(Letter, letter_id)
        if letter is None:
            return ""
        return letter.text
    finally:
        db.close()
        observe("closed", time.monotonic() - started)


def answered_in_finally(letter_id: int) -> str:
    db = SessionLocal()
    text = ""
    try:
        text = db.get(Letter, letter_id).text
    finally:
        db.close()
        return text
