"""One failed commit in the loop, and the turns after it fail for it."""
# call: add_all([1, 100])
# policy: balanced
# observe: fails
import os

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Child(Base):
    __tablename__ = "children"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    item_id = Column(Integer)


def add_all(numbers: list) -> None:
    with SessionLocal() as db:
        for number in numbers:
            db.add(Child(id=number, name="again", item_id=1))
            try:
                db.commit()
            except IntegrityError as error:
                print("skipped", error)
