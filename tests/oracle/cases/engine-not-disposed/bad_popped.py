"""An engine a tenant; what is dropped from the cache keeps its pool."""
# call: forget("a", count("a"))
# call: forget("b", count("b"))
# call: forget("c", count("c"))
# watch: connections > 1
import os

from sqlalchemy import create_engine, text

engines = {}


def engine_of(tenant: str):
    if tenant not in engines:
        engines[tenant] = create_engine(os.environ["DATABASE_URL"])
    return engines[tenant]


def count(tenant: str) -> int:
    with engine_of(tenant).connect() as connection:
        return connection.execute(text("select count(*) from items")).scalar()


def forget(tenant: str, _) -> None:
    engines.pop(tenant, None)
