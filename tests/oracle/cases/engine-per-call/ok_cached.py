"""The engine is made once."""
# call: count()
# together: 4
# watch: connections > 1
import os
from functools import lru_cache

from sqlalchemy import create_engine, text

@lru_cache
def engine():
    return create_engine(os.environ["DATABASE_URL"])


def count() -> int:
    with engine().connect() as connection:
        return connection.execute(text("select count(*) from items")).scalar()
