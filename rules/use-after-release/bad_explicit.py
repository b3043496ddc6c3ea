# options: --policy=explicit
"""Closed by the handler, opened again, and left to the dependency."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from bindery.models import Book

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///bindery"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@router.get("/books")
def books(db: Session = Depends(get_db)):
    count = len(db.scalars(select(Book.id)).all())
    db.commit()
    db.close()
    return {"count": count, "first": db.scalar(select(Book.title))}  # expect: use-after-release
