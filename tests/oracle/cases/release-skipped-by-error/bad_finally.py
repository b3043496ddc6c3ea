"""The commit in the finally fails, on a deferred constraint, and the close behind it is skipped."""
# call: adopt(999)
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def adopt(item_id: int) -> None:
    db = SessionLocal()
    try:
        db.execute(text("insert into children (name, item_id) values ('new', :id)"), {"id": item_id})
    finally:
        db.commit()
        db.close()
