"""After commit() the attributes are expired: reading one opens a new transaction."""
# call: rename(1, "new")
import os

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)
    name = Column(String)


def rename(item_id: int, name: str) -> str:
    db = SessionLocal()
    item = db.get(Item, item_id)
    item.name = name
    db.commit()
    return item.name
