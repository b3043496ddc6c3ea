"""Balanced: a note for each handler that leaves its session to a guarded provider."""
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from library.db import get_async_session
from library.models import Book, Loan
from library.services import loan_service

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///library"))


def open_library():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


LibraryDep = Annotated[Session, Depends(open_library)]


@router.get("/books")
def list_books(db: LibraryDep, author: str | None = None):
    query = select(Book.title)
    if author:
        query = query.where(Book.author == author)
    return db.scalars(query).all()  # expect: left-to-framework "`db`"


@router.get("/books/{book_id}")
def read_book(book_id: int, db: LibraryDep):
    book = db.get(Book, book_id)
    if book is None:
        raise HTTPException(404)
    if book.hidden:
        return {"title": None}  # expect: left-to-framework
    return {"title": book.title}


@router.post("/loans")
async def lend(book_id: int, session: AsyncSession = Depends(get_async_session)):
    loan = Loan(book_id=book_id)
    session.add(loan)
    await session.commit()
    await session.refresh(loan)
    return loan  # expect: left-to-framework "`session`"


@router.get("/loans")
async def list_loans(session: AsyncSession = Depends(get_async_session)):
    # what the service does with the session is not known; it is taken to query and not to close
    return await loan_service.all(session)  # expect: left-to-framework


@router.post("/loans/{loan_id}/back")
def give_back(loan_id: int, db: LibraryDep):
    loan = db.get(Loan, loan_id)
    loan.back = True
    db.flush()  # expect: left-to-framework
