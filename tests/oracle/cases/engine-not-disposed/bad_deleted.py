"""A cache that deletes its entries when it is full."""
# call: count("a")
# call: count("b")
# call: count("c")
# call: count("d")
# watch: connections > 1
import os

from sqlalchemy import create_engine, text

engines = {}


def engine_of(tenant: str):
    if tenant not in engines:
        if len(engines) >= 1:
            del engines[next(iter(engines))]
        engines[tenant] = create_engine(os.environ["DATABASE_URL"])
    return engines[tenant]


def count(tenant: str) -> int:
    with engine_of(tenant).connect() as connection:
        return connection.execute(text("select count(*) from items")).scalar()
