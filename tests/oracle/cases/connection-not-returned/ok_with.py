"""A with block gives the connection back."""
# call: name(0)
import os

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"])


def name(item_id: int) -> str:
    with engine.connect() as connection:
        found = connection.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
        if found is None:
            return "unknown"
        return found
