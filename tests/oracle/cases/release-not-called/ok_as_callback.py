"""close without parentheses is a callback here, and is called."""
# call: count()
import contextlib
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count() -> int:
    with contextlib.ExitStack() as stack:
        db = SessionLocal()
        stack.callback(db.close)
        return db.execute(text("select count(*) from items")).scalar()
