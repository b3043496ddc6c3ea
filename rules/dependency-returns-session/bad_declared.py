"""Named by Depends in other places: a router's dependencies, another dependency's parameter, a class of this file."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from library.repository import BookRepository

SessionLocal = sessionmaker(create_engine("postgresql:///library"))


def open_session() -> Session:
    session = SessionLocal()
    session.begin()
    return session  # expect: dependency-returns-session


def reader_session():
    return SessionLocal()  # expect: dependency-returns-session


def books(db: Session = Depends(open_session)) -> BookRepository:
    return BookRepository(db)


router = APIRouter(dependencies=[Depends(reader_session)])
