"""A query after close() opens the session again, and nobody closes it."""
# call: count()
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count() -> int:
    db = SessionLocal()
    try:
        items = db.execute(text("select count(*) from items")).scalar()
    finally:
        db.close()
    children = db.execute(text("select count(*) from children")).scalar()
    return items + children
