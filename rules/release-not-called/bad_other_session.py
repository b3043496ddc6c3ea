"""A new session is closed, and the one that was used stays open."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from garden.models import Plant

SessionLocal = sessionmaker(create_engine("postgresql:///garden"))
Registry = scoped_session(SessionLocal)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def count() -> int:
    db = SessionLocal()
    try:
        return len(db.scalars(select(Plant)).all())
    finally:
        SessionLocal().close()  # expect: release-not-called "a new session"


def of_a_registry() -> list[str]:
    names = list(Registry.scalars(select(Plant.name)))
    Registry.session_factory().close()  # expect: release-not-called "a new session"
    return names


def of_a_generator() -> int:
    db = next(get_db())
    try:
        return len(db.scalars(select(Plant)).all())
    finally:
        next(get_db()).close()  # expect: release-not-called "a new session"


def removed(name: str):
    session = Registry()
    try:
        return session.query(Plant).filter_by(name=name).first()
    finally:
        session.remove()  # expect: release-not-called "no remove()"


def removed_local() -> list[str]:
    db = SessionLocal()
    try:
        return list(db.scalars(select(Plant.name)))
    finally:
        db.remove()  # expect: release-not-called "no remove()"
