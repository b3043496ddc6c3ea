"""An early return, an except that answers, a close that an exception skips, and none at all."""
from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from depot.models import Pallet

SessionLocal = sessionmaker(create_engine("postgresql:///depot"))


def weight_of(pallet_id: int) -> int:
    db = SessionLocal()  # expect: session-not-closed "`db`"
    weight = db.scalar(select(Pallet.weight).where(Pallet.id == pallet_id))
    if weight is None:
        return 0
    db.close()
    return weight


def heavy() -> list[int]:
    session = SessionLocal()  # expect: session-not-closed "`session`"
    try:
        rows = session.scalars(select(Pallet.id).where(Pallet.weight > 1000)).all()
        session.close()
        return rows
    except SQLAlchemyError:
        return []


def count() -> int:
    # all is well until the query raises
    db = SessionLocal()  # expect: session-not-closed "raises"
    rows = db.query(Pallet).all()
    db.close()
    return len(rows)


def names() -> list[str]:
    db = SessionLocal()  # expect: session-not-closed
    return db.scalars(select(Pallet.name)).all()


def move(pallet_id: int, place: str) -> None:
    db = SessionLocal()  # expect: session-not-closed "raises"
    pallet = db.get(Pallet, pallet_id)
    pallet.place = place
    db.commit()
    db.close()
