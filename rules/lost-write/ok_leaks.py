# options: --policy=leaks
"""A write that is lost holds nothing."""
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from bakery.models import Loaf

SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))


def bake(name: str) -> None:
    with SessionLocal() as db:
        db.add(Loaf(name=name))
