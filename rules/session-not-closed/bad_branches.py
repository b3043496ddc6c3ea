"""Closed in one branch, in the except, in the loop, in the else; re-opened behind the close; another one closed."""
import logging

from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from museum.models import Painting, Room

logger = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///museum"))


def hang(painting_id: int, room_id: int) -> bool:
    db = SessionLocal()  # expect: session-not-closed
    painting = db.get(Painting, painting_id)
    if painting.room_id is None:
        painting.room_id = room_id
        db.commit()
        db.close()
        return True
    return False


def take_down(painting_id: int) -> bool:
    db = SessionLocal()  # expect: session-not-closed
    try:
        painting = db.get(Painting, painting_id)
        painting.room_id = None
        db.commit()
    except SQLAlchemyError:
        logger.exception("cannot take %s down", painting_id)
        return False
    db.close()
    return True


def buy(title: str) -> int:
    db = SessionLocal()  # expect: session-not-closed
    painting = Painting(title=title)
    try:
        db.add(painting)
        db.commit()
    except IntegrityError:
        db.rollback()
        raise
    # the transaction that refresh begins is nobody's
    db.refresh(painting)
    return painting.id


def rooms() -> list[str]:
    db = SessionLocal()  # expect: session-not-closed
    try:
        names = db.scalars(select(Room.name)).all()
    finally:
        db.close()
    floors = db.scalars(select(Room.floor)).all()
    return names + floors


def largest() -> str:
    db = SessionLocal()  # expect: session-not-closed
    other = SessionLocal()
    try:
        return db.scalar(select(Painting.title).order_by(Painting.width.desc()).limit(1))
    finally:
        other.close()


def inventory(limit: int) -> list[str]:
    db = SessionLocal()  # expect: session-not-closed
    titles = []
    for painting in db.scalars(select(Painting)):
        titles.append(painting.title)
        if len(titles) == limit:
            db.close()
            break
    return titles


def forget(painting_id: int) -> None:
    db = SessionLocal()  # expect: session-not-closed
    painting = db.get(Painting, painting_id)
    db.expunge(painting)
    db.flush()
    # the cycle keeps it: this frees nothing
    del db


def retry(painting_id: int) -> str:
    for attempt in range(3):
        db = SessionLocal()  # expect: session-not-closed
        try:
            return db.get(Painting, painting_id).title
        except SQLAlchemyError:
            db.close()
    return ""
