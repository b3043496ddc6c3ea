"""Given back on every path."""
import contextlib
import sqlite3
from contextlib import ExitStack, closing

import aiosqlite
import asyncpg
import psycopg
import psycopg2
from psycopg2.pool import SimpleConnectionPool
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import create_engine, text

pool = SimpleConnectionPool(1, 5, "dbname=shop")
engine = create_engine("postgresql://db/shop")


def finally_put(query):
    conn = pool.getconn()
    try:
        with conn.cursor() as cur:
            cur.execute(query)
            return cur.fetchall()
    finally:
        pool.putconn(conn)


def with_engine(query):
    with engine.connect() as conn:
        return conn.execute(query).fetchall()


def with_begin(query):
    with engine.begin() as conn:
        conn.execute(query)
        return None


def with_options(query):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(query)


def optioned(query):
    conn = engine.connect()
    conn = conn.execution_options(stream_results=True)
    try:
        return conn.execute(query).fetchall()
    finally:
        conn.close()


def nested(query):
    with engine.connect() as conn, conn.begin():
        conn.execute(query)


def with_psycopg(dsn):
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT 1").fetchone()


def closed_by_closing(dsn):
    with closing(psycopg2.connect(dsn)) as conn, conn, conn.cursor() as cur:
        cur.execute("SELECT 1")
        return cur.fetchone()


def closing_sqlite(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        with db:
            db.execute("INSERT INTO t VALUES (1)")


def stacked(path):
    with ExitStack() as stack:
        db = sqlite3.connect(path)
        stack.callback(db.close)
        return db.execute("SELECT 1").fetchone()


def optional(path, conn=None):
    own = conn is None
    if own:
        conn = sqlite3.connect(path)
    try:
        return conn.execute("SELECT 1").fetchone()
    finally:
        if own:
            conn.close()


def none_first(path):
    conn = None
    try:
        conn = sqlite3.connect(path)
        return conn.execute("SELECT 1").fetchone()
    except sqlite3.Error:
        return None
    finally:
        if conn:
            conn.close()


async def in_pool(shared: asyncpg.Pool):
    async with shared.acquire() as conn:
        async with conn.transaction():
            return await conn.fetch("SELECT 1")


async def released(shared: asyncpg.Pool):
    conn = await shared.acquire()
    try:
        return await conn.fetchval("SELECT 1")
    finally:
        await shared.release(conn)


async def of_psycopg_pool(shared: AsyncConnectionPool):
    async with shared.connection() as conn:
        await conn.execute("DELETE FROM t")


async def with_aiosqlite(path):
    async with aiosqlite.connect(path) as db:
        async with db.execute("SELECT 1") as cur:
            return await cur.fetchone()


def retry(dsn):
    for _ in range(3):
        try:
            conn = psycopg2.connect(dsn)
            break
        except psycopg2.OperationalError:
            continue
    else:
        raise RuntimeError("no database")
    return conn


def each_closed(paths):
    for path in paths:
        db = sqlite3.connect(path)
        try:
            db.execute("VACUUM")
        finally:
            db.close()


def raw():
    conn = engine.raw_connection()
    try:
        conn.cursor().execute("SELECT 1")
        conn.commit()
    finally:
        conn.close()


def begin_on_connection():
    conn = engine.connect()
    trans = conn.begin()
    try:
        conn.execute(text("DELETE FROM t"))
        trans.commit()
    except Exception:
        trans.rollback()
        raise
    finally:
        conn.close()


def through_the_cursor(dsn):
    cur = psycopg2.connect(dsn).cursor()
    try:
        cur.execute("SELECT 1")
        return cur.fetchone()
    finally:
        cur.connection.close()


def through_its_name(dsn):
    cur = psycopg2.connect(dsn).cursor()
    conn = cur.connection
    try:
        cur.execute("SELECT 1")
        return cur.fetchone()
    finally:
        conn.close()
