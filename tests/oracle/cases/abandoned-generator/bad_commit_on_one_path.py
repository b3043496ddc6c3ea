"""One path commits, the other leaves the re-opened session open."""
# call: count()
import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def count() -> int:
    db = next(get_db())
    count = db.execute(text("select count(*) from items")).scalar()
    if count > 5:
        return count
    db.commit()
    return 0
