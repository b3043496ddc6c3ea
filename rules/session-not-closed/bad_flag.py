"""session=None: an own session is made where none was given, and then forgotten, or closed in one case too few."""
import logging
from typing import Optional

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from tax.models import Return

logger = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///tax"))


def total(year: int, db: Optional[Session] = None) -> int:
    if db is None:
        db = SessionLocal()  # expect: session-not-closed "`db`"
    return sum(db.scalars(select(Return.amount).where(Return.year == year)))


def late(year: int, session: Session = None) -> list[int]:
    db = session or SessionLocal()  # expect: session-not-closed
    return db.scalars(select(Return.id).where(Return.year < year)).all()


def filed(year: int, session: Session | None = None) -> bool:
    own = session is None
    if own:
        session = SessionLocal()  # expect: session-not-closed
    found = session.scalar(select(Return.id).where(Return.year == year))
    if found is None:
        return False
    if own:
        session.close()
    return True


def remind(year: int, session: Session | None = None) -> None:
    own = session is None
    if own:
        session = SessionLocal()  # expect: session-not-closed
    try:
        for found in session.scalars(select(Return).where(Return.year == year)):
            logger.info("return %s is late", found.id)
    finally:
        # the wrong way round: this closes the caller's session
        if not own:
            session.close()
