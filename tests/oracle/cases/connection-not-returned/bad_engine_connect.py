"""A connection of the engine that an early return leaves open."""
# call: name(0)
# coarser(old): the connection of SQLAlchemy 1.4 is no part of a cycle, so CPython returns it with the function
import os

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"])


def name(item_id: int) -> str:
    connection = engine.connect()
    found = connection.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    if found is None:
        return "unknown"
    connection.close()
    return found
