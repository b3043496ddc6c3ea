"""Sessions that are made in other ways: by the class, a maker made on the spot, SQLModel, an attribute, a project function."""
from sqlalchemy import create_engine, func, orm, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import Session as ModelSession

from market.db import SessionFactory
from market.models import Offer, Trader

engine = create_engine("postgresql:///market")
Maker = sessionmaker(bind=engine)


class MarketSession(Session):
    pass


def by_class() -> int:
    session = Session(engine)  # expect: session-not-closed
    return session.scalar(select(func.count(Offer.id)))


def by_keyword() -> int:
    session = orm.Session(bind=engine, autoflush=False)  # expect: session-not-closed
    return session.scalar(select(func.count(Offer.id)))


def by_subclass() -> int:
    session = MarketSession(engine)  # expect: session-not-closed
    return session.scalar(select(func.count(Offer.id)))


def by_maker() -> list[str]:
    db = Maker()  # expect: session-not-closed
    return db.scalars(select(Trader.name)).all()


def by_imported_maker() -> list[str]:
    db = SessionFactory()  # expect: session-not-closed
    return db.scalars(select(Trader.name)).all()


def by_sqlmodel() -> list[str]:
    session = ModelSession(engine)  # expect: session-not-closed
    return session.exec(select(Trader.name)).all()


def on_the_spot() -> list[str]:
    session = sessionmaker(bind=engine)()  # expect: session-not-closed
    return session.scalars(select(Trader.name)).all()


def in_a_local() -> list[str]:
    make = sessionmaker(bind=engine)
    session = make()  # expect: session-not-closed
    return session.scalars(select(Trader.name)).all()


def without_a_name() -> int:
    return Maker().scalar(select(func.count(Offer.id)))  # expect: session-not-closed


def new_session() -> Session:
    return Maker()


def by_function() -> list[str]:
    db = new_session()  # expect: session-not-closed
    return db.scalars(select(Trader.name)).all()


def get_maker() -> sessionmaker:
    return Maker


def by_returned_maker() -> list[str]:
    make = get_maker()
    session = make()  # expect: session-not-closed
    return session.scalars(select(Trader.name)).all()


class Market:
    def __init__(self, session_factory=Maker):
        self.session_factory = session_factory

    def names(self) -> list[str]:
        session = self.session_factory()  # expect: session-not-closed
        return session.scalars(select(Trader.name)).all()


class Exchange:
    """A namespace: nobody makes an object of it."""

    def connect(url):
        Exchange.engine = create_engine(url)
        Exchange.Maker = sessionmaker(Exchange.engine)

    @staticmethod
    def open():
        return Exchange.Maker()

    def try_to_open(**options):
        try:
            return Exchange.Maker(**options)
        except ValueError:
            print("no session")
        return None


def by_namespace() -> list[str]:
    session = Exchange.open()  # expect: session-not-closed
    return session.scalars(select(Trader.name)).all()


def by_attempt() -> list[str]:
    session = Exchange.try_to_open(autoflush=False)  # expect: session-not-closed
    return session.scalars(select(Trader.name)).all()


def by_default_maker(make=Maker) -> list[str]:
    session = make()  # expect: session-not-closed
    return session.scalars(select(Trader.name)).all()
