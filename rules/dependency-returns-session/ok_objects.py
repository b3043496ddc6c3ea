"""Objects that are made for each request, and whose session somebody ends, or may."""
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from kennel.models import Dog
from kennel.base import Repository

SessionLocal = sessionmaker(create_engine("postgresql:///kennel"))
router = APIRouter()


def get_db():
    with SessionLocal() as db:
        yield db


class Given:
    def __init__(self, db: Session = Depends(get_db)):
        self.db = db

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


class ClosedByItself:
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        return self.db.scalars(select(Dog.name)).all()

    def close(self):
        self.db.close()


class EndsEach:
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        names = self.db.scalars(select(Dog.name)).all()
        self.db.commit()
        return names


class EndedByHandlers:
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


class HandedOn:
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


class AskedByOthers:
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


class OfBase(Repository):
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


class NeverUsed:
    def __init__(self):
        self.db = SessionLocal()


class NoDependency:
    def __init__(self):
        self.db = SessionLocal()

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


def closed_afterwards(repo: AskedByOthers = Depends()):
    try:
        yield repo
    finally:
        repo.db.close()


@router.get("/1")
def given(repo: Given = Depends()):
    return repo.names()


@router.get("/2")
def closed(repo: ClosedByItself = Depends()):
    try:
        return repo.names()
    finally:
        repo.close()


@router.get("/3")
def ends_each(repo: Annotated[EndsEach, Depends()]):
    return repo.names()


@router.get("/4")
def ended_here(repo: EndedByHandlers = Depends()):
    names = repo.names()
    repo.db.close()
    return names


@router.get("/5")
def handed_on(repo: HandedOn = Depends()):
    names = repo.names()
    bus.finish(repo)
    return names


@router.get("/6")
def by_another(repo: AskedByOthers = Depends(closed_afterwards)):
    return repo.names()


@router.get("/7")
def of_base(repo: OfBase = Depends()):
    return repo.names()


@router.get("/8")
def never_used(repo: NeverUsed = Depends()):
    return {}
