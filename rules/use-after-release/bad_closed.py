"""Closed, asked again, and left open."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from bindery.models import Book, Sheet

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///bindery"))


def get_db():
    yield SessionLocal()


def again() -> list[str]:
    db = SessionLocal()
    try:
        first = db.scalar(select(Book.id))
    finally:
        db.close()
    print(first)
    return list(db.scalars(select(Book.title)))  # expect: use-after-release "`db` is used after its close()"


def behind_the_block(book_id: int) -> int:
    with SessionLocal() as db:
        book = db.get(Book, book_id)
        if book is None:
            return 0
    return len(db.scalars(select(Sheet).where(Sheet.book_id == book_id)).all())  # expect: use-after-release


@router.get("/books")
def books(db: Session = Depends(get_db)):
    count = len(db.scalars(select(Book.id)).all())
    db.close()
    return {"count": count, "first": db.scalar(select(Book.title))}  # expect: use-after-release
