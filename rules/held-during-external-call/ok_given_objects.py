# note: sessions in objects that are injected, and in class-based views, ended before the wait
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from models import Crate

SessionLocal = sessionmaker(bind=create_engine("postgresql:///harbour"))
router = APIRouter()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


class Crates:
    def __init__(self, db: Annotated[Session, Depends(get_db)]):
        self.db = db

    def count(self):
        return self.db.query(Crate).count()

    def done(self):
        self.db.commit()


class Settings:
    def __init__(self, name: str = "x"):
        self.name = name


def get_crates(db: Session = Depends(get_db)):
    return Crates(db)


def send(count):
    httpx.post("https://count.example", json={"count": count})


@router.get("/ended-by-it")
def ended_by_it(crates: Crates = Depends()):
    count = crates.count()
    crates.done()
    send(count)
    return count


@router.get("/ended-here")
def ended_here(crates: Annotated[Crates, Depends(get_crates)]):
    count = crates.count()
    crates.db.rollback()
    send(count)
    return count


@router.get("/the-same")
def the_same_session(crates: Crates = Depends(get_crates), db: Session = Depends(get_db)):
    count = crates.count()
    db.commit()
    send(count)
    return count


@router.get("/nothing-ran")
def nothing_ran(crates: Crates = Depends(get_crates), settings: Settings = Depends(Settings)):
    send(settings.name)
    return crates.count()


@cbv(router)
class Views:
    session: Session = Depends(get_db)
    crates: Crates = Depends(get_crates)

    @router.get("/view")
    def view(self):
        count = self.session.query(Crate).count()
        self.session.commit()
        send(count)
        return count

    @router.get("/view/service")
    def by_service(self):
        count = self.crates.count()
        self.session.commit()
        send(count)
        return count


@cbv(router)
class MadeViews:
    def __init__(self, db: Session = Depends(get_db)):
        self.db = db

    @router.get("/made")
    def made(self):
        count = self.db.query(Crate).count()
        self.db.close()
        send(count)
        return count
