"""The generator is dropped at once: its finally closes before the first query, which opens again."""
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
    db = next(get_db())
    return db.execute(text("select count(*) from items")).scalar()
