"""What is needed is read before the commit."""
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
    with SessionLocal() as db:
        item = db.get(Item, item_id)
        old = item.name
        item.name = name
        db.commit()
    return old
