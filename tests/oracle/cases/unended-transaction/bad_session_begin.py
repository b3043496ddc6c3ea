"""A transaction object of a kept connection is committed on one path only."""
# call: rename(0)
import os

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"])
connection = engine.connect()


def rename(item_id: int) -> bool:
    transaction = connection.begin()
    changed = connection.execute(text("update items set name = 'new' where id = :id"), {"id": item_id}).rowcount
    if changed == 0:
        return False
    transaction.commit()
    return True
