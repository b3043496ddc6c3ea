"""A session that is made, used and closed is closed; the session of a registry is the registry's own."""
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import scoped_session, sessionmaker

from garden.models import Plant

SessionLocal = sessionmaker(create_engine("postgresql:///garden"))
Registry = scoped_session(SessionLocal)


def one_after_the_other() -> None:
    db = SessionLocal()
    db.execute(text("select 1"))
    db.close()
    db = SessionLocal()
    db.execute(text("select 2"))
    db.close()


def registry() -> list[str]:
    try:
        return list(Registry.scalars(select(Plant.name)))
    finally:
        Registry().close()


def two() -> None:
    one, other = SessionLocal(), SessionLocal()
    try:
        one.merge(other.get(Plant, 1))
        one.commit()
    finally:
        one.close()
        other.close()


def current_session():
    return Registry()


def through_a_helper() -> None:
    Registry.execute(text("select 1"))
    current_session().close()
