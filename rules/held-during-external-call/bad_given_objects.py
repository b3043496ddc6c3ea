# note: sessions in objects that are injected, and in class-based views, are their provider's
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


class Port:
    def __init__(self, crates: Crates = Depends()):
        self.crates = crates


def get_crates(db: Session = Depends(get_db)):
    return Crates(db)


@router.get("/class")
def of_a_class(crates: Crates = Depends(Crates)):
    count = crates.count()
    httpx.post("https://count.example", json={"count": count})  # expect: held-during-external-call "crates.db"
    return count


@router.get("/annotated")
async def annotated(crates: Annotated[Crates, Depends()]):
    count = crates.db.query(Crate).count()
    async with httpx.AsyncClient() as client:
        await client.post("https://count.example", json={"count": count})  # expect: held-during-external-call
    return count


@router.get("/function")
def of_a_function(crates: Crates = Depends(get_crates)):
    count = crates.count()
    httpx.post("https://count.example", json={"count": count})  # expect: held-during-external-call
    return count


@router.get("/two")
def two_deep(port: Port = Depends()):
    count = port.crates.count()
    httpx.post("https://count.example", json={"count": count})  # expect: held-during-external-call "port.crates.db"
    return count


@cbv(router)
class Views:
    session: Session = Depends(get_db)

    @router.get("/view")
    def view(self):
        count = self.session.query(Crate).count()
        httpx.post("https://count.example", json={"count": count})  # expect: held-during-external-call "self.session"
        return count


@cbv(router)
class ServiceViews:
    crates: Crates = Depends(get_crates)

    @router.get("/view/service")
    def by_service(self):
        count = self.crates.count()
        httpx.post("https://count.example", json={"count": count})  # expect: held-during-external-call
        return count


@cbv(router)
class MadeViews:
    def __init__(self, db: Session = Depends(get_db)):
        self.db = db

    @router.get("/made")
    def made(self):
        count = self.db.query(Crate).count()
        httpx.post("https://count.example", json={"count": count})  # expect: held-during-external-call
        return count
