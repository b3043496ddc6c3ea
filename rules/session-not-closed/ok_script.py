"""A script's own lines are not looked at: when it ends, everything is given back."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from census.models import Person

SessionLocal = sessionmaker(create_engine("postgresql:///census"))

db = SessionLocal()
people = db.scalars(select(Person)).all()
for person in people:
    if person.name is None:
        raise SystemExit("a person without a name")
    print(person.name)

if __name__ == "__main__":
    session = SessionLocal()
    session.add(Person(name="nobody"))
    session.commit()
    print(session.scalars(select(Person.id)).all())
