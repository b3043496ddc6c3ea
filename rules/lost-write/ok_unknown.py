"""Somebody who is not known may have committed."""
from bakery.tools import commit_or_log, finish, session_scope, transactional, unit_of_work
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from bakery.models import Loaf

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def finished_by_others(name: str) -> None:
    db = SessionLocal()
    db.add(Loaf(name=name))
    finish(db)
    db.close()


def unknown_scope(name: str) -> None:
    with session_scope() as db:
        db.add(Loaf(name=name))


def unknown_unit(name: str) -> None:
    with SessionLocal() as db:
        with unit_of_work(db):
            db.add(Loaf(name=name))


@router.post("/loaves/{name}")
@transactional
def decorated(name: str, db: Session = Depends(get_db)):
    db.add(Loaf(name=name))
    return {}


@router.put("/loaves/{name}")
def helped(name: str, db: Session = Depends(get_db)):
    db.add(Loaf(name=name))
    commit_or_log(db)
    return {}


class Oven:
    def __init__(self):
        self.db = SessionLocal()

    def bake(self, name: str) -> None:
        self.db.add(Loaf(name=name))


def handed_over(name: str) -> Session:
    db = SessionLocal()
    db.add(Loaf(name=name))
    return db


def handed_to_closure(name: str, run) -> None:
    with SessionLocal() as db:
        db.add(Loaf(name=name))
        run(lambda: db.commit())


def transaction_of_the_server(name: str) -> None:
    with SessionLocal() as db:
        db.add(Loaf(name=name))
        db.flush()
        db.connection().commit()
