"""A helper puts its caller's session in a with block."""
# call: write("hello")
# policy: balanced
# observe: rows
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count(db) -> int:
    with db:
        return db.execute(text("select count(*) from notes")).scalar()


def write(words: str) -> int:
    with SessionLocal() as db:
        db.execute(text("insert into notes (text) values (:text)"), {"text": words})
        number = count(db)
        db.execute(text("update items set price = :price"), {"price": number})
        db.commit()
        return number
