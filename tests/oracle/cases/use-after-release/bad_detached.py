"""The object is expired and its session closed: reading it raises."""
# call: rename(1, "new")
# observe: fails
# coarser: reading a detached object raises at once and holds nothing; it is not looked for
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
        item.name = name
        db.commit()
    return item.name
