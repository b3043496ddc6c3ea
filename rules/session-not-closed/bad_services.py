"""Objects that keep a session, two deep, and leave it open."""
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
    db = SessionLocal()  # expect: session-not-closed
    service = Service(Repo(db))
    return service.all()


def making():
    db = SessionLocal()  # expect: session-not-closed
    service = Making(db)
    return service.all()


def inherited():
    db = SessionLocal()  # expect: session-not-closed
    service = Named("a", db)
    return service.all()


def fields():
    db = SessionLocal()  # expect: session-not-closed
    service = Record("a", db)
    return service.all()


def keywords():
    db = SessionLocal()  # expect: session-not-closed
    service = Record(db=db, name="a")
    return service.all()


def by_a_function():
    db = SessionLocal()  # expect: session-not-closed
    service = make_service(db)
    return service.all()


def stepwise():
    db = SessionLocal()  # expect: session-not-closed
    repo = Repo(db)
    service = Service(repo)
    return service.all()
