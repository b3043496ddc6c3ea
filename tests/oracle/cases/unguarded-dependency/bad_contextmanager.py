"""A context manager without try: an exception in the with block goes past its close."""
# call: price(0)
import os
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


@contextmanager
def session_scope():
    session = SessionLocal()
    yield session
    session.close()


def price(item_id: int) -> int:
    with session_scope() as session:
        found = session.execute(text("select price from items where id = :id"), {"id": item_id}).first()
        return found.price
