"""Used again after a close or commit, and ended again; or nothing is opened."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from bindery.models import Book, Sheet

router = APIRouter()
engine = create_engine("postgresql:///bindery")
SessionLocal = sessionmaker(engine)
KeepingSession = sessionmaker(engine, expire_on_commit=False)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def closed_twice() -> list[str]:
    db = SessionLocal()
    try:
        first = db.scalar(select(Book.id))
        db.close()
        print(first)
        return list(db.scalars(select(Book.title)))
    finally:
        db.close()


def in_a_loop(ids: list[int]) -> None:
    db = SessionLocal()
    for book_id in ids:
        try:
            db.get(Book, book_id).sold = True
            db.commit()
        finally:
            db.close()


def made_anew() -> int:
    db = SessionLocal()
    db.execute(select(Book))
    db.close()
    with SessionLocal() as db:
        return db.scalar(select(Sheet.id))


def read_before(book_id: int) -> str:
    db = SessionLocal()
    try:
        book = db.get(Book, book_id)
        title = book.title
        db.commit()
        return title
    except Exception:
        db.rollback()
        raise


def read_in_a_block(title: str) -> int:
    with SessionLocal() as db:
        book = Book(title=title)
        db.add(book)
        db.commit()
        return book.id


def keeps(title: str) -> int:
    db = KeepingSession()
    try:
        book = Book(title=title)
        db.add(book)
        db.commit()
        return book.id
    except Exception:
        db.rollback()
        raise


def keeps_here(title: str) -> int:
    db = Session(engine, expire_on_commit=False)
    try:
        book = Book(title=title)
        db.add(book)
        db.commit()
        return book.id
    except Exception:
        db.rollback()
        raise


def just_set(book_id: int) -> str:
    db = SessionLocal()
    try:
        book = db.query(Book).get(book_id)
        db.commit()
        book.note = "sold"
        return book.note
    except Exception:
        db.rollback()
        raise


def no_row(book_id: int) -> str:
    db = SessionLocal()
    try:
        title = db.query(Book.title).filter_by(id=book_id).first()
        db.commit()
        return title.title
    except Exception:
        db.rollback()
        raise


def a_copy(book_id: int) -> str:
    db = SessionLocal()
    try:
        book = db.get(Book, book_id)
        book = dict(title=book.title)
        db.commit()
        return book.title
    except Exception:
        db.rollback()
        raise


def lent(db: Session, title: str) -> int:
    book = Book(title=title)
    db.add(book)
    db.commit()
    return book.id


def lent_and_closed(db: Session) -> int:
    db.close()
    return db.scalar(select(Book.id))


@router.post("/books/{title}")
def add(title: str, db: Session = Depends(get_db)):
    book = Book(title=title)
    db.add(book)
    db.commit()
    db.refresh(book)
    return {"id": book.id}


@router.get("/books")
def books(db: Session = Depends(get_db)):
    count = len(db.scalars(select(Book.id)).all())
    db.close()
    return {"count": count, "first": db.scalar(select(Book.title))}


def taken_out(book_id: int) -> str:
    db = SessionLocal()
    try:
        book = db.get(Book, book_id)
        db.expunge(book)
        db.commit()
        return book.title
    except Exception:
        db.rollback()
        raise
