"""Every write is committed: by hand, in a loop, by a block, by who owns the session."""
from contextlib import contextmanager

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from bakery.models import Loaf, Order

engine = create_engine("postgresql:///bakery")
SessionLocal = sessionmaker(engine)


def by_hand(name: str) -> None:
    db = SessionLocal()
    try:
        db.add(Loaf(name=name))
        db.commit()
    finally:
        db.close()


def after_the_loop(names: list[str]) -> None:
    with SessionLocal() as db:
        for name in names:
            db.add(Loaf(name=name))
        db.commit()


def by_the_factory(name: str) -> None:
    with SessionLocal.begin() as db:
        db.add(Loaf(name=name))


def by_a_block(name: str) -> None:
    with Session(engine) as db, db.begin():
        db.add(Loaf(name=name))


def by_a_named_block(name: str) -> None:
    with Session(engine) as db:
        tx = db.begin()
        with tx:
            db.add(Loaf(name=name))


def by_the_transaction(name: str) -> None:
    with Session(engine) as db:
        tx = db.begin()
        db.add(Loaf(name=name))
        tx.commit()


def by_the_present_transaction(name: str) -> None:
    with Session(engine) as db:
        db.add(Loaf(name=name))
        db.get_transaction().commit()


@contextmanager
def scope():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    finally:
        db.close()


def by_the_scope(name: str) -> None:
    with scope() as db:
        db.add(Loaf(name=name))


@contextmanager
def scope_if_needed():
    with SessionLocal() as db:
        yield db
        if db.new or db.dirty:
            db.commit()


def by_a_scope_that_looks(name: str) -> None:
    with scope_if_needed() as db:
        db.add(Loaf(name=name))


@contextmanager
def transaction(db: Session):
    yield
    db.commit()


def by_a_manager_around_it(name: str) -> None:
    with SessionLocal() as db:
        with transaction(db):
            db.add(Loaf(name=name))


def save(db: Session, loaf: Loaf) -> None:
    db.add(loaf)
    db.commit()


def by_a_helper(name: str) -> None:
    with SessionLocal() as db:
        order = Order(name=name)
        db.add(order)
        save(db, Loaf(name=name))


class Shelf:
    def __init__(self, db: Session):
        self.db = db

    def put(self, name: str) -> None:
        self.db.add(Loaf(name=name))

    def done(self) -> None:
        self.db.commit()


def by_an_object(name: str) -> None:
    with SessionLocal() as db:
        shelf = Shelf(db)
        db.add(Order(name=name))
        shelf.put(name)
        shelf.done()


def lent(db: Session, name: str) -> None:
    db.add(Loaf(name=name))


def found_or_made(name: str) -> int:
    with SessionLocal() as db:
        loaf = db.scalar(select(Loaf).where(Loaf.name == name))
        if loaf is None:
            loaf = Loaf(name=name)
            db.add(loaf)
            db.commit()
        return loaf.id
