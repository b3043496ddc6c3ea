"""A program that is started, does its work and ends: the process gives everything back."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from census.models import Person

SessionLocal = sessionmaker(create_engine("postgresql:///census"))


def wait_for_database() -> None:
    # note: held, until the process ends
    db = SessionLocal()
    db.execute(select(1))


def rename(name: str) -> None:
    # note: held, until the process ends
    db = SessionLocal()
    person = db.scalars(select(Person).where(Person.name == name)).one()
    person.name = name.title()
    db.commit()
    print(person.name)


if __name__ == "__main__":
    wait_for_database()
    rename("nobody")
