"""Below the session: what is left open is said as it is, and how bad that is depends on what frees it."""
import sqlite3

import asyncpg
import psycopg2
from sqlalchemy import create_engine, text

engine = create_engine("postgresql://db/orders")


def first_order(dsn):
    conn = psycopg2.connect(dsn)
    try:
        cursor = conn.cursor()
        cursor.execute("SELECT * FROM orders LIMIT 1")
        return cursor.fetchone()
    finally:
        conn.close  # expect: release-not-called "`conn.close` is not called"


def count_local(path):
    conn = sqlite3.connect(path)
    found = conn.execute("SELECT count(*) FROM orders").fetchone()
    conn.close  # expect: release-not-called
    return found[0]


def count_pooled():
    conn = engine.connect()
    found = conn.execute(text("SELECT count(*) FROM orders")).scalar()
    conn.close  # expect: release-not-called
    return found


async def count_later(dsn):
    conn = await asyncpg.connect(dsn)
    found = await conn.fetchval("SELECT count(*) FROM orders")
    conn.close()  # expect: release-not-called "is not awaited"
    return found


def count_once(url):
    own = create_engine(url)
    with own.connect() as conn:
        found = conn.execute(text("SELECT count(*) FROM orders")).scalar()
    own.dispose  # expect: release-not-called
    return found
