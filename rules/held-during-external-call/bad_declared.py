from abc import ABC, abstractmethod
from collections.abc import Sequence

import requests
from sqlalchemy.orm import Session

from shop.models import Order


class Carrier(ABC):
    @abstractmethod
    def book(self, db: Session, order: Order) -> str:
        """Books it."""

    def name(self, db: Session) -> str:
        raise NotImplementedError


class Van(Carrier):
    def book(self, db: Session, order: Order) -> str:
        return requests.get("https://example.org/van").text

    def name(self, db: Session) -> str:
        return "van"


class Ship(Carrier):
    def book(self, session: Session, order: Order) -> str:
        return requests.post("https://example.org/book").text

    def name(self, db: Session) -> str:  # Van does not wait: which of them runs is not known
        return requests.get("https://example.org/ship").text


def carriers() -> list[Carrier]:
    return [Van(), Ship()]


def book_all(db: Session, order_id: int):
    order = db.get(Order, order_id)
    for carrier in carriers():
        carrier.book(db, order)  # expect: held-during-external-call
    db.commit()


def book_one(db: Session, order_id: int, carrier: Carrier):
    order = db.get(Order, order_id)
    carrier.book(db, order)  # expect: held-during-external-call


class Desk:
    def __init__(self, carriers: Sequence[Carrier]):
        self.carriers = carriers

    def book(self, db: Session, order_id: int):
        order = db.get(Order, order_id)
        for carrier in self.carriers:
            carrier.book(db, order)  # expect: held-during-external-call

    def names(self, db: Session):
        db.scalars(Order).all()
        return [carrier.name(db) for carrier in self.carriers]
