# options: --policy=leaks
"""What the owner closes again is no leak."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from tramway.models import Line, Stop

SessionLocal = sessionmaker(create_engine("postgresql:///tramway"))


def name_of(db: Session, line_id: int) -> str | None:
    with db:
        return db.scalar(select(Line.name).where(Line.id == line_id))


def names(line_id: int) -> str | None:
    with SessionLocal() as db:
        name = name_of(db, line_id)
        db.execute(select(Stop))
        return name
