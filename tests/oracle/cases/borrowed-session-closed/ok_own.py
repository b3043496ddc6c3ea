"""The helper closes only a session that it has made itself."""
# call: write("hello")
# policy: balanced
# observe: rows
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count(db=None) -> int:
    owned = db is None
    if owned:
        db = SessionLocal()
    try:
        return db.execute(text("select count(*) from notes")).scalar()
    finally:
        if owned:
            db.close()


def write(words: str) -> None:
    with SessionLocal() as db:
        db.execute(text("insert into notes (text) values (:text)"), {"text": words})
        count(db)
        db.commit()
