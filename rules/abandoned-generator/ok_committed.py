"""commit() and rollback() give the connection back as close() does, as long as every path ends with one."""
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from library.db import get_async_db, get_db
from library.models import Book, Loan


def lend(book_id: int, reader: str) -> bool:
    db = next(get_db())
    try:
        db.add(Loan(book_id=book_id, reader=reader))
        db.commit()
        return True
    except IntegrityError:
        db.rollback()
        return False
    except Exception:
        db.rollback()
        raise


def count_books() -> int:
    db = next(get_db())
    try:
        return len(db.scalars(select(Book.id)).all())
    finally:
        db.rollback()


async def give_back(loan_id: int) -> None:
    session: AsyncSession = await anext(get_async_db())
    try:
        loan = await session.get(Loan, loan_id)
        await session.delete(loan)
        await session.commit()
    except BaseException:
        await session.rollback()
        raise


def rename(book_id: int, title: str) -> None:
    db = next(get_db())
    with db.begin():
        book = db.get(Book, book_id)
        book.title = title
