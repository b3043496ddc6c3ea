"""Guarded providers of every shape, seen in the same file; no handler closes on some paths only."""
from contextlib import closing, contextmanager

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from zoo.models import Animal

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///zoo"))


def with_finally():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def with_block():
    with SessionLocal() as db:
        yield db


def with_closing():
    with closing(SessionLocal()) as db:
        yield db


def with_commit():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise


@contextmanager
def session_scope():
    with SessionLocal.begin() as db:
        yield db


def by_scope():
    with session_scope() as db:
        yield db


def passed_on():
    yield from with_finally()


def names(db: Session):
    return db.scalars(select(Animal.name)).all()


@router.get("/a")
def a(db: Session = Depends(with_finally)):
    return names(db)


@router.get("/b")
def b(db: Session = Depends(with_block)):
    return names(db)


@router.get("/c")
def c(db: Session = Depends(with_closing)):
    return names(db)


@router.get("/d")
def d(db: Session = Depends(with_commit)):
    return names(db)


@router.get("/e")
def e(db: Session = Depends(by_scope)):
    return names(db)


@router.get("/f")
def f(db: Session = Depends(passed_on)):
    return names(db)
