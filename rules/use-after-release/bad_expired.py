"""commit() is the only end of the session, and an attribute read behind it begins a new transaction."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from bindery.models import Book

engine = create_engine("postgresql:///bindery")
SessionLocal = sessionmaker(engine)


def added(title: str) -> int:
    db = SessionLocal()
    try:
        book = Book(title=title)
        db.add(book)
        db.commit()
        return book.id  # expect: use-after-release "`book.id` is read after the commit"
    except Exception:
        db.rollback()
        raise


def changed(book_id: int) -> dict:
    db = Session(engine)
    try:
        book = db.query(Book).filter_by(id=book_id).first()
        book.sold = True
        db.commit()
    except Exception:
        db.rollback()
        raise
    return {"title": book.title}  # expect: use-after-release "`book.title`"


def listed(count: int) -> list[str]:
    db = SessionLocal()
    titles = []
    try:
        for book in db.scalars(select(Book).limit(count)).all():
            book.seen = True
            db.commit()
            titles.append(book.title)  # expect: use-after-release
    except Exception:
        db.rollback()
        raise
    return titles


def with_its_own_factory(title: str) -> int:
    Maker = sessionmaker(engine)
    db = Maker()
    try:
        book = Book(title=title)
        db.add(book)
        db.commit()
    except Exception:
        db.rollback()
        raise
    return book.id  # expect: use-after-release
