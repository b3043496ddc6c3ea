"""Entries are kept: an engine a tenant, and a tenant here."""
# call: count("a")
# call: count("a")
# call: count("a")
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
