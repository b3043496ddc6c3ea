"""The second use is ended too."""
# call: count()
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def count() -> int:
    db = SessionLocal()
    try:
        items = db.execute(text("select count(*) from items")).scalar()
        db.commit()
        children = db.execute(text("select count(*) from children")).scalar()
        return items + children
    finally:
        db.close()
