# note: objects with a session of their own that somebody closes, ends or keeps
from contextlib import closing

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from depot.models import Pallet

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))
stores = []


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


def closed() -> int:
    store = Store()
    try:
        return store.count()
    finally:
        store.close()


def ended(pallet: Pallet) -> None:
    store = Store()
    try:
        store.count()
        store.add(pallet)
    except Exception:
        store.close()
        raise


def never_queried() -> str:
    store = Store()
    return store.__class__.__name__


def given(session: Session) -> int:
    store = Store(session)
    return store.count()


def given_by_name(session: Session) -> int:
    return Store(session=session).count()


def handed_on() -> Store:
    store = Store()  # note: held, by whoever gets it
    store.count()
    return store


def kept() -> int:
    store = Store()  # note: held, the list keeps it
    stores.append(store)
    return store.count()


def closed_through_the_object() -> int:
    store = Store()
    try:
        return store.count()
    finally:
        store.session.close()


def closed_by_manager() -> int:
    with closing(Store()) as store:
        return store.count()


class Managed(Store):
    def __enter__(self) -> "Managed":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def managed() -> int:
    with Managed() as store:
        return store.count()


class Collected(Store):
    def __del__(self) -> None:
        self.close()


def collected() -> int:
    return Collected().count()


class Shared:
    made = None

    def __new__(cls) -> "Shared":
        if cls.made is None:
            cls.made = super().__new__(cls)
        return cls.made

    def __init__(self) -> None:
        self.session = SessionLocal()

    def count(self) -> int:
        return self.session.query(Pallet).count()


def shared() -> int:
    return Shared().count()  # note: held, the class keeps the one there is


class Registered:
    def __init__(self) -> None:
        self.session = SessionLocal()
        stores.append(self)

    def count(self) -> int:
        return self.session.query(Pallet).count()


def registered() -> int:
    return Registered().count()  # note: held, the list keeps it


class Careful:
    def __init__(self) -> None:
        self.session = SessionLocal()

    def count(self) -> int:
        try:
            return self.session.query(Pallet).count()
        finally:
            self.session.close()


def careful() -> int:
    return Careful().count()
