"""Whoever closes the session owns it: in a finally, by a with, or by a helper that does."""
from contextlib import ExitStack, closing

from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from support.models import Message, Ticket

SessionLocal = sessionmaker(create_engine("postgresql:///support"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///support"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_async_session():
    async with AsyncSessionLocal() as session:
        yield session


def read_ticket(ticket_id: int) -> dict:
    db = next(get_db())
    try:
        ticket = db.get(Ticket, ticket_id)
        if ticket is None:
            return {}
        return {"title": ticket.title}
    finally:
        db.close()


def add_message(ticket_id: int, text: str) -> bool:
    db = None
    try:
        db = next(get_db())
        db.add(Message(ticket_id=ticket_id, text=text))
        db.commit()
        return True
    except SQLAlchemyError:
        if db is not None:
            db.rollback()
        return False
    finally:
        if db:
            db.close()


def titles() -> list[str]:
    with next(get_db()) as db:
        return db.scalars(select(Ticket.title)).all()


def open_titles() -> list[str]:
    with closing(next(get_db())) as db:
        rows = db.scalars(select(Ticket.title).where(Ticket.solved.is_(False))).all()
        if not rows:
            raise LookupError("nothing to do")
    return rows


def both(first: int, second: int) -> list[str]:
    with ExitStack() as stack:
        db = next(get_db())
        stack.callback(db.close)
        return [db.get(Ticket, number).title for number in (first, second)]


async def read_async(ticket_id: int) -> str:
    session = await anext(get_async_session())
    try:
        ticket = await session.get(Ticket, ticket_id)
        return ticket.title
    finally:
        await session.close()


def _done(session) -> None:
    session.rollback()
    session.close()


def count() -> int:
    db = next(get_db())
    try:
        return len(db.scalars(select(Ticket.id)).all())
    finally:
        _done(db)
