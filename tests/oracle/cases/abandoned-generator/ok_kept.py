"""The generator is kept in a local, and closed by CPython when the function returns."""
# call: count()
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def count() -> int:
    generator = get_db()
    db = next(generator)
    return db.execute(text("select count(*) from items")).scalar()
