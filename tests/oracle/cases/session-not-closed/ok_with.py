"""A with block closes, whichever way it is left."""
# call: price(0)
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def price(item_id: int) -> int:
    with SessionLocal() as db:
        found = db.execute(text("select price from items where id = :id"), {"id": item_id}).first()
        if found is None:
            return 0
        return found.price
