from abc import ABC, abstractmethod

from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order

SessionLocal = sessionmaker()


class Unit(ABC):
    @abstractmethod
    def run(self, session: Session) -> None:
        """Does it and closes what it is given."""

    @abstractmethod
    def keep(self, session: Session) -> None:
        ...


class First(Unit):
    def run(self, session: Session) -> None:
        try:
            session.scalars(Order).all()
        finally:
            session.close()

    def keep(self, session: Session) -> None:
        self.session = session


class Second(Unit):
    def run(self, db: Session) -> None:
        db.close()

    def keep(self, session: Session) -> None:
        session.close()


def run(unit: Unit):
    session = SessionLocal()
    unit.run(session)


def keep(unit: Unit):
    session = SessionLocal()
    unit.keep(session)
