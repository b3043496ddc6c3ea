from abc import ABC, abstractmethod

from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order

SessionLocal = sessionmaker()


class Unit(ABC):
    @abstractmethod
    def run(self, session: Session) -> None:
        """Reads what it needs."""


class First(Unit):
    def run(self, session: Session) -> None:
        session.scalars(Order).all()


class Second(Unit):
    def run(self, db: Session) -> None:
        db.commit()


def run(unit: Unit):
    session = SessionLocal()  # expect: session-not-closed
    unit.run(session)
