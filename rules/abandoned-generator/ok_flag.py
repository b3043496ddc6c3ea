"""db=None: the generator is asked only when no session was given, and only then is the session closed."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kitchen.db import get_db
from kitchen.models import Dish


def dishes(db: Session | None = None) -> list[str]:
    own = db is None
    if own:
        db = next(get_db())
    try:
        return db.scalars(select(Dish.name)).all()
    finally:
        if own:
            db.close()


def cheap_dishes(limit: int, session: Session = None) -> list[str]:
    db = session or next(get_db())
    try:
        return db.scalars(select(Dish.name).where(Dish.price < limit)).all()
    finally:
        if session is None:
            db.close()


class Menu:
    def __init__(self, db: Session = None):
        self.db = db or next(get_db())

    def names(self) -> list[str]:
        return self.db.scalars(select(Dish.name)).all()

    def close(self) -> None:
        self.db.close()
