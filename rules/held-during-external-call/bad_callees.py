# The wait is in a function that is called; the finding stands in the innermost frame with both.
import requests
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from inn.models import Guest

SessionLocal = sessionmaker(create_engine("postgresql:///inn"))


def ask_rate(name: str) -> float:
    return requests.get("https://rates.example/" + name).json()["rate"]


def both(db: Session, guest: int) -> float:
    name = db.get(Guest, guest).name
    return ask_rate(name)  # expect: held-during-external-call "`db`"


def owner_of_both(guest: int) -> float:
    with SessionLocal() as db:
        return both(db, guest)


def only_waits(db: Session, name: str) -> float:
    rate = ask_rate(name)
    db.add(Guest(name=name, rate=rate))
    return rate


def owner_queries() -> float:
    with SessionLocal() as db:
        first = db.scalars(select(Guest)).first()
        return only_waits(db, first.name)  # expect: held-during-external-call "`db`"


def ends_it_first(db: Session, name: str) -> float:
    db.commit()
    return ask_rate(name)


def owner_is_spared() -> float:
    with SessionLocal() as db:
        first = db.scalars(select(Guest)).first()
        return ends_it_first(db, first.name)


class Rates:
    def __init__(self, db: Session):
        self.db = db

    def update(self, guest: int):
        found = self.db.get(Guest, guest)
        found.rate = self._fetch(found.name)  # expect: held-during-external-call "`self.db`"
        self.db.commit()

    def _fetch(self, name: str) -> float:
        return requests.get("https://rates.example/" + name).json()["rate"]


def without_type(guest, session):
    found = session.scalars(select(Guest)).first()
    return requests.post("https://rates.example/", json=found.name)  # expect: held-during-external-call "`session`"


class Sender:
    def send(self, name: str):
        requests.post("https://rates.example/", json=name)


def senders_of_a_list(db: Session):
    guests = db.scalars(select(Guest)).all()
    senders = [Sender() for _ in guests]
    for sender in senders:
        sender.send("bill")  # expect: held-during-external-call


def waits_in_each_round(guests, db: Session):
    for guest in guests:
        both(db, guest)


def begins_before_such_a_callee():
    with SessionLocal() as db:
        guests = db.scalars(select(Guest)).all()
        for guest in guests:
            waits_then_queries(db, guest.id)  # expect: held-during-external-call


def waits_then_queries(db: Session, guest: int):
    rate = ask_rate("all")
    found = db.get(Guest, guest)
    ask_rate(found.name)  # expect: held-during-external-call
    return rate


def hands_on_without_type(guest, session):
    found = without_type(guest, session)
    return ask_rate(found)  # expect: held-during-external-call
