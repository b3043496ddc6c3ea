"""Objects that are made with a session of their own, closed through the object in one way or another."""
import atexit
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

    def finish(self):
        self.db.close()

    def close(self):
        self.db.close()


class Orchard:
    def __init__(self, grove):
        self.grove = grove

    def all(self):
        return self.grove.db.scalars(select(Tree.id)).all()

    def finish(self):
        # of what class the grove is stands nowhere
        self.grove.finish()


@dataclass
class Row:
    db: object

    def all(self):
        return self.db.scalars(select(Tree.id)).all()

    def close(self):
        self.db.close()


class Registered:
    groves = {}

    def __init__(self, db):
        self.db = db
        Registered.groves[id(self)] = self

    def all(self):
        return self.db.scalars(select(Tree.id)).all()

    def close(self):
        self.db.close()


class Once:
    def __init__(self, db):
        self.db = db

    def all(self):
        try:
            return self.db.scalars(select(Tree.id)).all()
        finally:
            self.close()

    def close(self):
        self.db.close()


def make_grove():
    return Grove(SessionLocal())


def make_orchard():
    db = SessionLocal()
    return Orchard(Grove(db))


def end(grove):
    grove.finish()


def end_its_session(grove):
    grove.db.close()


def by_method():
    grove = Grove(SessionLocal())
    try:
        return grove.all()
    finally:
        grove.finish()


def by_attribute():
    grove = Grove(SessionLocal())
    try:
        return grove.all()
    finally:
        grove.db.close()


def by_helper():
    grove = Grove(SessionLocal())
    try:
        return grove.all()
    finally:
        end(grove)


def by_other_helper():
    grove = Grove(SessionLocal())
    try:
        return grove.all()
    finally:
        end_its_session(grove)


def by_name():
    grove = Grove(SessionLocal())
    try:
        return grove.all()
    finally:
        getattr(grove, "finish")()


def by_other_name():
    grove = Grove(SessionLocal())
    same = grove
    try:
        return grove.all()
    finally:
        same.finish()


def by_lambda():
    grove = Grove(SessionLocal())
    finish = lambda: grove.finish()
    try:
        return grove.all()
    finally:
        finish()


def at_exit():
    grove = Grove(SessionLocal())  # note: held, until the process ends
    atexit.register(grove.finish)
    return grove.all()


def two_deep():
    orchard = Orchard(Grove(SessionLocal()))
    try:
        return orchard.all()
    finally:
        orchard.finish()


def of_fields():
    row = Row(SessionLocal())
    try:
        return row.all()
    finally:
        row.close()


def kept_by_the_class():
    return Registered(SessionLocal()).all()  # note: held, the class has it


def closes_itself():
    return Once(SessionLocal()).all()


def made_elsewhere():
    grove = make_grove()
    try:
        return grove.all()
    finally:
        grove.close()


def made_elsewhere_or_not(wanted):
    grove = make_grove() if wanted else None
    try:
        return grove.all() if grove else []
    finally:
        if grove:
            grove.close()


def made_elsewhere_by_attribute():
    orchard = make_orchard()
    try:
        return orchard.all()
    finally:
        orchard.grove.db.close()


def handed_on(register):
    grove = make_grove()
    register(grove)
    return grove.all()


def returned():
    return make_grove()


class Keeper:
    def __init__(self):
        self.grove = make_grove()
        self.grove.all()
