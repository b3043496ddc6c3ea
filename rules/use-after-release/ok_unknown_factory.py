"""Whether the session expires what it commits is not known."""
from bindery.db import SessionLocal

from bindery.models import Book


def add(title: str) -> int:
    db = SessionLocal()
    try:
        book = Book(title=title)
        db.add(book)
        db.commit()
        return book.id
    except Exception:
        db.rollback()
        raise
