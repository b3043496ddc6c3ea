"""Ended on every path, or somebody else's to end."""
import sqlite3

import asyncpg
import duckdb
import psycopg2
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

engine = create_engine("postgresql://db/shop")
kept = psycopg2.connect("dbname=shop")
kept.autocommit = True


def every_path(conn, ok):
    conn.execute("BEGIN")
    try:
        conn.execute("UPDATE t SET n = 1")
        if not ok:
            conn.execute("ROLLBACK")
            return False
        conn.execute("COMMIT")
    except Exception:
        conn.rollback()
        raise
    return True


def in_a_helper(conn, ok):
    conn.execute("BEGIN")
    if not ok:
        give_up(conn)
        return False
    conn.commit()
    return True


def give_up(conn):
    conn.rollback()


def by_context_manager(conn: Connection, rows):
    with conn.begin():
        for row in rows:
            if row is None:
                return False
            conn.execute(row)
    return True


def nested(conn: Connection, rows):
    with conn.begin_nested():
        conn.execute(rows)


async def block(conn: asyncpg.Connection, ok):
    async with conn.transaction():
        if not ok:
            return None
        await conn.execute("DELETE FROM t")
    return True


async def asyncpg_needs_none(conn: asyncpg.Connection):
    return await conn.fetch("SELECT 1")


class Lock:
    def __init__(self, path):
        self.con = sqlite3.connect(path)

    def acquire(self):
        self.con.execute("BEGIN EXCLUSIVE")

    def release(self):
        self.con.rollback()


class Reads:
    def __init__(self, path):
        self.con = sqlite3.connect(path)

    def rows(self):
        return self.con.execute("SELECT * FROM t").fetchall()


class Autocommit:
    def __init__(self, dsn):
        self.con = psycopg2.connect(dsn)
        self.con.set_session(autocommit=True)

    def rows(self):
        cur = self.con.cursor()
        cur.execute("SELECT 1")
        return cur.fetchall()


class Closing:
    def __init__(self, dsn):
        self.con = psycopg2.connect(dsn)

    def rows(self):
        cur = self.con.cursor()
        cur.execute("SELECT 1")
        return cur.fetchall()

    def close(self):
        self.con.close()


def autocommit_module(item):
    with kept.cursor() as cur:
        cur.execute("SELECT 1 WHERE %s", (item,))
        return cur.fetchone()


def prose(log):
    log.execute("Begin your day with a query")
    log.execute("commit to it")


def procedure(conn):
    conn.execute("BEGIN\nSELECT 1;\nEND")


def whole_script(conn):
    conn.executescript("BEGIN; UPDATE t SET n = 1; COMMIT;")


def the_block_ends_it(path, ok):
    conn = sqlite3.connect(path)
    try:
        with conn:
            conn.execute("BEGIN")
            if not ok:
                return None
            conn.execute("UPDATE t SET n = 1")
        return ok
    finally:
        conn.close()


class Batches:
    """Between two batches it is in a transaction on purpose: begin() is the last that can fail."""

    def __init__(self, path):
        self.con = duckdb.connect(path)
        self.con.begin()

    def next(self):
        self.con.commit()
        self.con.begin()
