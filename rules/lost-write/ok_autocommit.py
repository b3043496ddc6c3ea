"""An engine in autocommit keeps what was flushed."""
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from bakery.models import Loaf

SessionLocal = sessionmaker(create_engine("postgresql:///bakery", isolation_level="AUTOCOMMIT"))


def bake(name: str) -> int:
    with SessionLocal() as db:
        loaf = Loaf(name=name)
        db.add(loaf)
        db.flush()
        return loaf.id
