"""Handlers that leave their session to a guarded provider on every path are a note, not this finding."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from library.db import get_db
from library.models import Author, Book

router = APIRouter()


@router.get("/books")
def list_books(author: str | None = None, db: Session = Depends(get_db)):
    query = select(Book)
    if author is not None:
        query = query.join(Author).where(Author.name == author)
    return [{"title": book.title} for book in db.scalars(query)]


@router.get("/books/{book_id}")
def read_book(book_id: int, db: Session = Depends(get_db)):
    book = db.get(Book, book_id)
    if book is None:
        raise HTTPException(status_code=404, detail="no such book")
    return {"title": book.title, "year": book.year}


@router.post("/books")
def add_book(title: str, year: int, db: Session = Depends(get_db)):
    if db.scalar(select(Book).where(Book.title == title)) is not None:
        # the commit below is a write, not a release: nothing in this handler ever closes
        return {"created": False}
    db.add(Book(title=title, year=year))
    db.commit()
    return {"created": True}


@router.get("/authors/count")
def count_authors(db: Session = Depends(get_db)):
    total = 0
    for row in db.scalars(select(Author)):
        if row.retired:
            continue
        total += 1
    else:
        total += 0
    return {"authors": total}
