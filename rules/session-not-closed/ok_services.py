"""Objects that keep a session, two deep, and close it when they are told to."""
from dataclasses import dataclass

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from quarry.models import Stone

SessionLocal = sessionmaker(create_engine("postgresql:///quarry"))


class Repo:
    def __init__(self, db: Session):
        self.db = db

    def all(self):
        return self.db.scalars(select(Stone.id)).all()

    def finish(self):
        self.db.close()


class Named(Repo):
    def __init__(self, name: str, db: Session):
        super().__init__(db)
        self.name = name


class Service:
    def __init__(self, repo: Repo):
        self.repo = repo

    def all(self):
        return self.repo.all()

    def finish(self):
        self.repo.finish()


class Making:
    def __init__(self, db):
        self.repo = Repo(db)

    def all(self):
        return self.repo.all()

    def finish(self):
        self.repo.db.close()


@dataclass
class Record:
    name: str
    db: Session

    def all(self):
        return self.db.scalars(select(Stone.id)).all()

    def finish(self):
        self.db.close()


def make_service(db):
    return Service(Repo(db))


def finish_it(service: Service):
    service.finish()


def nested():
    db = SessionLocal()
    service = Service(Repo(db))
    try:
        return service.all()
    finally:
        service.finish()


def making():
    db = SessionLocal()
    service = Making(db)
    try:
        return service.all()
    finally:
        service.finish()


def inherited():
    db = SessionLocal()
    service = Named("a", db)
    try:
        return service.all()
    finally:
        service.finish()


def fields():
    db = SessionLocal()
    service = Record("a", db)
    try:
        return service.all()
    finally:
        service.finish()


def keywords():
    db = SessionLocal()
    service = Record(db=db, name="a")
    try:
        return service.all()
    finally:
        service.finish()


def by_a_function():
    db = SessionLocal()
    service = make_service(db)
    try:
        return service.all()
    finally:
        service.finish()


def stepwise():
    db = SessionLocal()
    repo = Repo(db)
    service = Service(repo)
    try:
        return service.all()
    finally:
        service.finish()


def finished_elsewhere():
    db = SessionLocal()
    service = make_service(db)
    try:
        return service.all()
    finally:
        finish_it(service)
