"""After the error the same session is asked again."""
import time

from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from ferry.models import Crossing, Passenger

SessionLocal = sessionmaker(create_engine("postgresql:///ferry"))


def then_asks(db: Session, name: str) -> int:
    try:
        db.add(Passenger(name=name))
        db.commit()
    except IntegrityError:  # expect: failed-transaction-not-rolled-back "`db` goes on"
        print("known:", name)
    return len(db.scalars(select(Passenger)).all())


def asks_in_the_clause(db: Session, name: str) -> Passenger:
    passenger = Passenger(name=name)
    try:
        db.add(passenger)
        db.flush()
    except IntegrityError:  # expect: failed-transaction-not-rolled-back
        passenger = db.scalar(select(Passenger).where(Passenger.name == name))
    return passenger


def next_turn(names: list[str]) -> None:
    with SessionLocal() as db:
        for name in names:
            try:
                db.add(Passenger(name=name))
                db.commit()
            except Exception as error:  # expect: failed-transaction-not-rolled-back
                print(error)


def again(db: Session) -> None:
    for _ in range(3):
        try:
            db.commit()
            return
        except OperationalError:  # expect: failed-transaction-not-rolled-back
            time.sleep(1)


async def awaited(session: AsyncSession, name: str) -> None:
    try:
        session.add(Passenger(name=name))
        await session.flush()
    except SQLAlchemyError:  # expect: failed-transaction-not-rolled-back
        print("known:", name)
    await session.execute(select(Crossing))


class Purser:
    def __init__(self, db: Session):
        self.db = db

    def sell(self, name: str) -> None:
        try:
            self.db.add(Passenger(name=name))
            self.db.commit()
        except Exception as error:  # expect: failed-transaction-not-rolled-back
            print(error)
        self.db.execute(select(Crossing))
