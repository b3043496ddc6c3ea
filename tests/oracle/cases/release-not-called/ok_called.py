"""close is called."""
# call: count()
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count() -> int:
    db = SessionLocal()
    try:
        return db.execute(text("select count(*) from items")).scalar()
    finally:
        db.close()
