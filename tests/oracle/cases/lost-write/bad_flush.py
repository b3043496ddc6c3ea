"""Flushed, but rolled back by the end of the with block."""
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


def write(words: str) -> int:
    with SessionLocal() as db:
        note = Note(text=words)
        db.add(note)
        db.flush()
        return note.id
