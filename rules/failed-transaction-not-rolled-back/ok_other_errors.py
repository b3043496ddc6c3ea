"""What is caught is no failure of the database, or nobody knows."""
import json

from sqlalchemy import create_engine, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, sessionmaker

from ferry.errors import KnownPassenger
from ferry.models import Crossing, Passenger
from ferry.tools import recover, register

SessionLocal = sessionmaker(create_engine("postgresql:///ferry"))


def no_result(db: Session, name: str) -> Passenger:
    try:
        return db.scalars(select(Passenger).where(Passenger.name == name)).one()
    except NoResultFound:
        passenger = Passenger(name=name)
        db.add(passenger)
        db.flush()
        return passenger


def bad_text(db: Session, text: str) -> None:
    try:
        db.add(Passenger(**json.loads(text)))
        db.flush()
    except (ValueError, KeyError):
        db.execute(select(Crossing))


def an_error_of_ours(db: Session, name: str) -> None:
    try:
        db.add(Passenger(name=name))
        db.flush()
    except KnownPassenger:
        pass
    db.execute(select(Crossing))


def answered_by_others(db: Session, name: str) -> None:
    try:
        db.add(Passenger(name=name))
        db.flush()
    except Exception as error:
        recover(db, error)
    db.execute(select(Crossing))


def done_by_others(db: Session, name: str) -> None:
    try:
        register(db, name)
    except Exception as error:
        print(error)
    db.execute(select(Crossing))


def answer(db: Session) -> None:
    db.rollback()


def answered_by_a_helper(db: Session, name: str) -> None:
    try:
        db.add(Passenger(name=name))
        db.flush()
    except Exception:
        answer(db)
    db.execute(select(Crossing))


class Purser:
    def __init__(self, db: Session):
        self.db = db

    def _rollback(self) -> None:
        self.db.rollback()

    def sell(self, name: str) -> None:
        try:
            self.db.add(Passenger(name=name))
            self.db.commit()
        except Exception:
            self._rollback()
        self.db.execute(select(Crossing))


def in_the_end(db: Session, name: str) -> None:
    try:
        db.add(Passenger(name=name))
        db.flush()
    finally:
        db.execute(select(Crossing))


def only_at_the_end(name: str) -> None:
    db = SessionLocal()
    try:
        db.add(Passenger(name=name))
        db.commit()
    except Exception as error:
        print(error)
    finally:
        db.close()
