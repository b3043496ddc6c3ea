"""Guarded providers of several shapes, and handlers in classes and factories."""
from contextlib import closing

from fastapi import APIRouter, Depends, Security
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from zoo.models import Animal

SessionLocal = sessionmaker(create_engine("postgresql:///zoo"))
router = APIRouter()


def by_block():
    with SessionLocal() as db:
        yield db


def by_closing():
    with closing(SessionLocal()) as db:
        yield db


def delegating():
    yield from by_block()


def with_rollback():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


@router.get("/a")
def a(db: Session = Depends(by_block)):
    return db.scalars(select(Animal.name)).all()  # expect: left-to-framework


@router.get("/b")
def b(db: Session = Security(by_closing)):
    return db.scalars(select(Animal.name)).all()  # expect: left-to-framework


@router.get("/c")
def c(*, zoo: Session = Depends(delegating)):
    return zoo.scalars(select(Animal.name)).all()  # expect: left-to-framework "`zoo`"


def make_router() -> APIRouter:
    inner = APIRouter()

    @inner.get("/d")
    async def d(db: Session = Depends(with_rollback)):
        names = db.scalars(select(Animal.name)).all()
        return {"names": names}  # expect: left-to-framework

    return inner


class Zoo:
    @router.get("/e")
    def e(self, db: Session = Depends(with_rollback)):
        for animal in db.scalars(select(Animal)):
            if animal.asleep:
                return {"asleep": animal.name}  # expect: left-to-framework
        return {"asleep": None}
