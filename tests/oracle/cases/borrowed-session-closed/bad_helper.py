"""A helper closes its caller's session, and what the caller had written is gone."""
# call: write("hello")
# policy: balanced
# observe: rows
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count(db) -> int:
    try:
        return db.execute(text("select count(*) from notes")).scalar()
    finally:
        db.close()


def write(words: str) -> None:
    with SessionLocal() as db:
        db.execute(text("insert into notes (text) values (:text)"), {"text": words})
        count(db)
        db.execute(text("update items set price = price + 1"))
        db.commit()
