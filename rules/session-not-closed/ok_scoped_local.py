# note: a scoped_session that is made in a function and removed or closed there, or that is the application's
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from depot.models import Pallet

engine = create_engine("postgresql:///depot")
maker = sessionmaker(bind=engine)
Current = scoped_session(maker)


def removed() -> int:
    session = scoped_session(maker)
    try:
        return session.query(Pallet).count()
    finally:
        session.remove()


def removed_by_registry() -> int:
    Session = scoped_session(maker)
    session = Session()
    try:
        return session.query(Pallet).count()
    finally:
        Session.remove()


def session_closed() -> int:
    session = scoped_session(maker)()
    try:
        return session.query(Pallet).count()
    finally:
        session.close()


def make_registry():
    return scoped_session(sessionmaker(bind=create_engine("postgresql:///other")))


def make_named_registry():
    Session = scoped_session(maker)
    Session.configure(expire_on_commit=False)
    return Session


class Store:
    def __init__(self) -> None:
        self.session = scoped_session(maker)


def installed(app) -> None:
    app.session = scoped_session(maker)


def untouched() -> None:
    scoped_session(maker)
