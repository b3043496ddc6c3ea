# note: an object makes a session of its own, and whoever makes the object drops both
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from depot.models import Pallet

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))


class Store:
    def __init__(self, session: Session | None = None) -> None:
        self.session = session or SessionLocal()

    def count(self) -> int:
        return self.session.query(Pallet).count()

    def add(self, pallet: Pallet) -> None:
        self.session.add(pallet)
        self.session.commit()

    def close(self) -> None:
        self.session.close()


def dropped() -> int:
    store = Store()  # expect: session-not-closed "`store.session` is made here"
    return store.count()


def dropped_at_once() -> int:
    return Store().count()  # expect: session-not-closed


def given_nothing() -> int:
    return Store(session=None).count()  # expect: session-not-closed


def closed_on_one_path(wanted: bool) -> int:
    store = Store()  # expect: session-not-closed
    found = store.count()
    if not wanted:
        return 0
    store.close()
    return found


def queried_after_commit(pallet: Pallet) -> int:
    store = Store()  # expect: session-not-closed
    store.add(pallet)
    return store.count()


class Report:
    def __init__(self, session: Session = None) -> None:
        if session is None:
            session = SessionLocal()
        self.session = session

    def rows(self) -> list:
        return self.session.query(Pallet).all()


def report() -> list:
    return Report().rows()  # expect: session-not-closed


class HeavyStore(Store):
    def __init__(self) -> None:
        super().__init__()
        self.limit = 40

    def heavy(self) -> int:
        return self.session.query(Pallet).filter(Pallet.weight > self.limit).count()


def heavy() -> int:
    store = HeavyStore()  # expect: session-not-closed
    return store.heavy()
