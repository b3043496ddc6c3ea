"""The error is answered: by a rollback, a close, a savepoint, by raising or returning."""
from fastapi import HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from ferry.models import Crossing, Passenger

SessionLocal = sessionmaker(create_engine("postgresql:///ferry"))


def rolled_back(db: Session, name: str) -> int:
    try:
        db.add(Passenger(name=name))
        db.commit()
    except IntegrityError:
        db.rollback()
    return len(db.scalars(select(Passenger)).all())


def rolled_back_each_time(names: list[str]) -> None:
    with SessionLocal() as db:
        for name in names:
            try:
                db.add(Passenger(name=name))
                db.commit()
            except SQLAlchemyError as error:
                print(error)
                db.rollback()


def in_a_savepoint(names: list[str]) -> None:
    with SessionLocal() as db:
        for name in names:
            try:
                with db.begin_nested():
                    db.add(Passenger(name=name))
                    db.flush()
            except IntegrityError:
                print("known:", name)
        db.commit()


def savepoint_by_hand(names: list[str]) -> None:
    with SessionLocal() as db:
        for name in names:
            point = db.begin_nested()
            try:
                db.add(Passenger(name=name))
                db.flush()
                point.commit()
            except IntegrityError:
                point.rollback()
        db.commit()


def raised_again(db: Session, name: str) -> int:
    try:
        db.add(Passenger(name=name))
        db.flush()
    except IntegrityError as error:
        raise HTTPException(409) from error
    return db.scalar(select(Passenger.id))


def returned(db: Session, name: str) -> bool:
    try:
        db.add(Passenger(name=name))
        db.flush()
    except IntegrityError:
        return False
    db.execute(select(Crossing))
    return True


def closed_and_made_anew(name: str) -> None:
    db = SessionLocal()
    try:
        db.add(Passenger(name=name))
        db.commit()
    except SQLAlchemyError:
        db.close()
    db.execute(select(Crossing))
    db.close()


def another_session(name: str) -> None:
    with SessionLocal() as db:
        try:
            db.add(Passenger(name=name))
            db.commit()
        except SQLAlchemyError as error:
            with SessionLocal() as log:
                log.add(Crossing(note=str(error)))
                log.commit()


def a_new_one_for_each(names: list[str]) -> None:
    for name in names:
        try:
            with SessionLocal() as db:
                db.add(Passenger(name=name))
                db.commit()
        except SQLAlchemyError as error:
            print(error)


def in_a_block(names: list[str]) -> None:
    with SessionLocal() as db:
        for name in names:
            try:
                with db.begin():
                    db.add(Passenger(name=name))
            except IntegrityError:
                print("known:", name)
