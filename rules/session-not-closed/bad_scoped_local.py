# note: a scoped_session that each call makes for itself is a session like any other, and nobody removes it
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from depot.models import Pallet

engine = create_engine("postgresql:///depot")
maker = sessionmaker(bind=engine)


class Depot:
    def __init__(self, url: str) -> None:
        self.make = sessionmaker(bind=create_engine(url))

    def count(self) -> int:
        session = scoped_session(self.make)  # expect: session-not-closed
        return session.query(Pallet).count()

    def add(self, pallet: Pallet) -> None:
        session = scoped_session(self.make)  # expect: session-not-closed
        session.add(pallet)
        session.commit()


def called_at_once() -> int:
    session = scoped_session(maker)()  # expect: session-not-closed
    return session.query(Pallet).count()


def called_later() -> int:
    Session = scoped_session(maker)  # expect: session-not-closed
    session = Session()
    return session.query(Pallet).count()


def removed_on_one_path(wanted: bool) -> int:
    session = scoped_session(maker)  # expect: session-not-closed
    found = session.query(Pallet).count()
    if not wanted:
        return 0
    session.remove()
    return found
