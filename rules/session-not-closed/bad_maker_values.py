"""Makers that come as values: what functions return, attributes, partial, a global that is set later."""
from functools import partial

from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from quarry.models import Stone

engine = create_engine("postgresql:///quarry")
Opened = partial(Session, engine)
_maker: sessionmaker[Session] | None = None
chosen = sessionmaker(engine) if engine else None


def connect() -> None:
    global _maker
    _maker = sessionmaker(engine)


def get_maker():
    if _maker is None:
        connect()
    return _maker


def annotated_maker() -> "async_sessionmaker[AsyncSession]":
    return find("maker")


def through_two():
    return get_maker()


def from_global():
    session = _maker()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def from_choice():
    session = chosen()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def from_partial():
    session = Opened()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def from_local_partial():
    make = partial(Session, engine, autoflush=False)
    session = make()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def from_function():
    maker = through_two()
    session = maker()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def at_once():
    session = get_maker()()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


async def from_annotation(session: AsyncSession | None = None):
    if session is None:
        maker = annotated_maker()
        session = maker()  # expect: session-not-closed
    try:
        await session.execute(select(Stone.id))
    finally:
        print("done")


class Store:
    def __init__(self, maker: sessionmaker):
        self.maker = maker
        self.own = sessionmaker(engine)
        self._late = None

    def start(self):
        self._late = sessionmaker(engine)

    @property
    def lazy(self) -> sessionmaker:
        return self._late

    def given(self):
        session = self.maker()  # expect: session-not-closed
        return session.scalars(select(Stone.id)).all()

    def made(self):
        session = self.own()  # expect: session-not-closed
        return session.scalars(select(Stone.id)).all()

    def made_late(self):
        session = self._late()  # expect: session-not-closed
        return session.scalars(select(Stone.id)).all()

    def aliased(self):
        maker = self.own
        session = maker()  # expect: session-not-closed
        return session.scalars(select(Stone.id)).all()

    def through_property(self):
        session = self.lazy()  # expect: session-not-closed
        return session.scalars(select(Stone.id)).all()

    def a_new_one(self):
        return self.own()

    def from_method(self):
        session = self.a_new_one()  # expect: session-not-closed
        return session.scalars(select(Stone.id)).all()


store = Store(get_maker())


def of_a_singleton():
    session = store.own()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def from_a_singletons_method():
    session = store.a_new_one()  # expect: session-not-closed
    return session.scalars(select(Stone.id)).all()


def read_by_customary_name(address: str) -> list[int]:
    # a local that is bound to a sessionmaker is one, whatever its name
    db_session = sessionmaker(create_engine(address, poolclass=NullPool))
    session = db_session()  # expect: session-not-closed "`session`"
    return session.scalars(select(Stone.id)).all()
