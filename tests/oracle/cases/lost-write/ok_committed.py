"""What was added is committed."""
# call: write("hello")
# policy: balanced
# observe: rows
import os

from sqlalchemy import Column, Integer, String, create_engine, text
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Note(Base):
    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    text = Column(String)


def write(words: str) -> None:
    db = SessionLocal()
    try:
        db.add(Note(text=words))
        db.commit()
    finally:
        db.close()
