"""The helper closes what it took out of the generator."""
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
    try:
        return db.execute(text("select count(*) from items")).scalar()
    finally:
        db.close()
