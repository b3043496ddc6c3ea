"""Objects that are made with a session of their own, used and dropped."""
from dataclasses import dataclass

from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from orchard.models import Tree

SessionLocal = sessionmaker(create_engine("postgresql:///orchard"))


class Grove:
    def __init__(self, db):
        self.db = db

    def all(self):
        return self.db.scalars(select(Tree.id)).all()

    def close(self):
        self.db.close()


class Orchard:
    def __init__(self, grove: Grove):
        self.grove = grove

    def all(self):
        return self.grove.all()

    def close(self):
        self.grove.close()


@dataclass
class Row:
    db: object

    def all(self):
        return self.db.scalars(select(Tree.id)).all()

    def close(self):
        self.db.close()


class Own:
    def __init__(self, db=None):
        self.db = db or SessionLocal()

    def all(self):
        return self.db.scalars(select(Tree.id)).all()


def make_grove():
    return Grove(SessionLocal())


def make_orchard():
    db = SessionLocal()
    orchard = Orchard(Grove(db))
    return orchard


def make_own():
    return Own()


def dropped():
    grove = Grove(SessionLocal())  # expect: session-not-closed
    return grove.all()


def not_even_named():
    return Grove(SessionLocal()).all()  # expect: session-not-closed


def not_when_it_raises():
    grove = Grove(SessionLocal())  # expect: session-not-closed "raises"
    rows = grove.all()
    grove.close()
    return rows


def two_deep():
    orchard = Orchard(Grove(SessionLocal()))  # expect: session-not-closed
    return orchard.all()


def of_fields():
    row = Row(SessionLocal())  # expect: session-not-closed
    return row.all()


def made_elsewhere():
    grove = make_grove()  # expect: session-not-closed "`grove.db`"
    return grove.all()


def made_two_deep_elsewhere():
    orchard = make_orchard()  # expect: session-not-closed "`orchard.grove.db`"
    return orchard.all()


def makes_its_own_elsewhere():
    return make_own().all()  # expect: session-not-closed


def read_through_the_object():
    grove = Grove(SessionLocal())  # miss: session-not-closed
    return grove.db.scalars(select(Tree.id)).all()
