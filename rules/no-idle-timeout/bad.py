# options: --select=no-idle-timeout
"""Connections to PostgreSQL whose transactions may idle for ever; other engines of the module do set the limit."""
import asyncpg
import psycopg2
from psycopg2.pool import ThreadedConnectionPool
from sqlalchemy import URL, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

ADDRESS = "postgresql://shop@db/shop"
SHORT = {"options": "-c statement_timeout=5000"}

engine = create_engine(ADDRESS, pool_size=20)  # expect: no-idle-timeout "engine `engine` is made without"
statements = create_engine(ADDRESS, connect_args=SHORT)  # expect: no-idle-timeout
limited = create_engine(ADDRESS, connect_args={"options": "-c idle_in_transaction_session_timeout=60000"})
made = create_engine(URL.create("postgresql+psycopg", host="db"))  # expect: no-idle-timeout
listened = create_engine(ADDRESS)
Session = sessionmaker(bind=create_engine(f"postgresql://{settings.user}@db/shop"))  # expect: no-idle-timeout


@event.listens_for(listened, "connect")
def limit_idling(connection, record):
    connection.cursor().execute("set idle_in_transaction_session_timeout = 60000")


async def open_pool():
    return await asyncpg.create_pool(ADDRESS, server_settings={"application_name": "shop"})  # expect: no-idle-timeout


def connect():
    return psycopg2.connect(host="db", dbname="shop", connect_timeout=3)  # expect: no-idle-timeout


class Store:
    def __init__(self, low, high):
        self.pool = ThreadedConnectionPool(low, high, ADDRESS)  # expect: no-idle-timeout
        self.engine = create_async_engine(ADDRESS.replace("postgresql", "postgresql+asyncpg"))  # expect: no-idle-timeout
