# options: --select=no-idle-timeout
"""Each of these sets the limit, speaks to another server, or cannot be read."""
import os

import asyncpg
import psycopg2
import sqlite3
from psycopg_pool import ConnectionPool
from sqlalchemy import URL, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

ADDRESS = "postgresql://shop@db/shop"
LIMITED = {"options": "-c idle_in_transaction_session_timeout=60000"}

by_args = create_engine(ADDRESS, connect_args={"options": "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=30s"})
by_name = create_engine(ADDRESS, pool_pre_ping=True, connect_args=LIMITED)
by_url = create_engine("postgresql://shop@db/shop?options=-c%20idle_in_transaction_session_timeout%3D60000")
by_settings = create_engine(ADDRESS, connect_args=settings.connect_args)  # may have it
of_asyncpg = create_async_engine(
    "postgresql+asyncpg://shop@db/shop",
    connect_args={"server_settings": {"application_name": "shop", "idle_in_transaction_session_timeout": "60000"}},
)
pool = ConnectionPool(ADDRESS, kwargs={"options": "-c idle_in_transaction_session_timeout=60000"}, open=False)

cache = create_engine("sqlite:///cache.db")
reports = create_engine(f"mysql+pymysql://shop@{settings.host}/reports")
embedded = create_engine(settings.embedded_url, connect_args={"check_same_thread": False})
stock = create_engine(URL.create("mssql+pyodbc", host="stock"))
fallback = create_engine(os.environ.get("CACHE_URL", "sqlite:///cache.db"))
listened = create_engine(ADDRESS)


@event.listens_for(listened, "connect")
def limit_idling(connection, record):
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '60s'")


async def open_pool(limit: int):
    return await asyncpg.create_pool(
        ADDRESS, server_settings={"idle_in_transaction_session_timeout": str(limit)}
    )


def connect(seconds: int, **others):
    return psycopg2.connect(ADDRESS, options=f"-c idle_in_transaction_session_timeout={seconds * 1000}")


def connect_with(**others):
    return psycopg2.connect(**others)


def build_engine(echo: bool):
    wanted = {"echo": echo}
    wanted["connect_args"] = {"options": "-c idle_in_transaction_session_timeout=60000"}
    return create_engine(ADDRESS, **wanted)


def build_either(url: str):
    if url.startswith("sqlite"):
        return create_engine(url.replace("postgres://", "postgresql://"), echo=True)
    return None


def read_local(path):
    return sqlite3.connect(path)
