# options: --policy=leaks
"""A session that only fails is no leak."""
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ferry.models import Crossing, Passenger


def sell(db: Session, name: str) -> None:
    try:
        db.add(Passenger(name=name))
        db.commit()
    except IntegrityError:
        print("known:", name)
    db.execute(select(Crossing))
