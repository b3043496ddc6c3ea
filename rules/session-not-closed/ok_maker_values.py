"""Makers that come as values, and are used well; and values that are no makers of sessions."""
from contextlib import asynccontextmanager, contextmanager
from functools import partial

from sqlalchemy import create_engine, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker

from quarry.models import Stone

engine = create_engine("postgresql:///quarry")
Opened = partial(Session, engine)
_maker = None


def get_maker():
    global _maker
    if _maker is None:
        _maker = sessionmaker(engine)
    return _maker


def lend():
    with Opened() as session:
        yield session


lent = contextmanager(lend)


def made_and_closed():
    maker = get_maker()
    with maker() as session:
        return session.scalars(select(Stone.id)).all()


def partial_closed():
    session = Opened()
    try:
        return session.scalars(select(Stone.id)).all()
    finally:
        session.close()


def context_manager_by_call():
    with lent() as session:
        return session.scalars(select(Stone.id)).all()


def local_context_manager():
    scope = contextmanager(lend)
    with scope() as session:
        return session.scalars(select(Stone.id)).all()


class Mine:
    def __init__(self, maker: async_sessionmaker):
        self.maker = maker
        self.reader = partial(print, "read")

    async def closed(self):
        async with self.maker() as session:
            return (await session.scalars(select(Stone.id))).all()

    def other_callable(self):
        nothing = self.reader()
        return nothing


def either(name):
    # it may be a session, or not: nothing is known
    make = Opened if name else print
    thing = make()
    return thing.name


def handed_on():
    return get_maker()()


class Depot:
    """A namespace whose attribute a method sets by the class's name."""

    Maker = None

    def connect(url):
        Depot.Maker = sessionmaker(create_engine(url))

    def open():
        return Depot.Maker()

    def shadowed(Depot):
        Depot.Session = sessionmaker(engine)
        return Depot.Session


def of_namespace() -> int:
    session = Depot.open()
    try:
        return session.scalar(select(func.count(Stone.id)))
    finally:
        session.close()


def by_default(make=print) -> int:
    session = make()
    return session.scalar(select(func.count(Stone.id)))


def entered_by_default(make=sessionmaker(engine)) -> int:
    with make() as session:
        return session.scalar(select(func.count(Stone.id)))
