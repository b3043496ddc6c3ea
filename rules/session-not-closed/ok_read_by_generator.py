"""Generators that read with a session, and generators that close it when they have been read."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from herbarium.models import Leaf

SessionLocal = sessionmaker(create_engine("postgresql:///herbarium"))


def leaves(db):
    for leaf in db.execute(select(Leaf)):
        yield leaf


def leaves_closing(db):
    try:
        for leaf in db.execute(select(Leaf)):
            yield leaf
    finally:
        db.close()


def leaves_committing(db):
    for leaf in db.execute(select(Leaf)):
        yield leaf
        db.commit()


def in_a_loop():
    db = SessionLocal()
    try:
        for leaf in leaves(db):
            print(leaf)
    finally:
        db.close()


def until_the_first():
    with SessionLocal() as db:
        for leaf in leaves(db):
            return leaf


def as_a_list():
    with SessionLocal() as db:
        return list(leaves(db))


def closed_by_its_end():
    db = SessionLocal()
    for leaf in leaves_closing(db):
        print(leaf)


def closed_by_a_list():
    db = SessionLocal()
    return list(leaves_closing(db))


def committed_by_its_end():
    db = SessionLocal()
    for leaf in leaves_committing(db):
        print(leaf)


def passed_through():
    db = SessionLocal()
    yield from leaves_closing(db)


def passed_through_and_closed():
    db = SessionLocal()
    try:
        yield from leaves(db)
    finally:
        db.close()


class Shelf:
    def __init__(self, db):
        self.db = db

    def leaves(self):
        yield from self.db.execute(select(Leaf))


def of_an_object():
    db = SessionLocal()
    shelf = Shelf(db)
    try:
        return [leaf.id for leaf in shelf.leaves()]
    finally:
        db.close()


def returned():
    db = SessionLocal()
    return leaves_closing(db)


def handed_on(respond):
    db = SessionLocal()
    return respond(leaves(db))
