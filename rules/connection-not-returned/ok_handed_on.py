"""Somebody else's to give back."""
import sqlite3
import threading
import weakref

import asyncpg
import psycopg2
from psycopg2.pool import ThreadedConnectionPool
from sqlalchemy import create_engine

_local = threading.local()
_all = []
_by_name = {}
engine = create_engine("sqlite://")


def returned(path):
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    return conn


def with_cursor(dsn):
    conn = psycopg2.connect(dsn)
    return conn, conn.cursor()


def in_a_dict(dsn):
    conn = psycopg2.connect(dsn)
    return {"conn": conn, "dsn": dsn}


def cursor_goes_out(path):
    conn = sqlite3.connect(path)
    return conn.execute("SELECT * FROM t")


def per_thread(path):
    conn = getattr(_local, "conn", None)
    if conn is None:
        conn = sqlite3.connect(path)
        _local.conn = conn
    return conn


def listed(path):
    conn = sqlite3.connect(path)
    _all.append(conn)
    conn.execute("PRAGMA journal_mode=WAL")


def named(name, path):
    _by_name[name] = sqlite3.connect(path)
    return _by_name[name].execute("SELECT 1").fetchone()


def finalized(owner, path):
    conn = sqlite3.connect(path)
    weakref.finalize(owner, conn.close)
    owner.query = conn.execute


class Store:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)
        self.conn.execute("PRAGMA foreign_keys=ON")

    def close(self):
        self.conn.close()

    def rows(self):
        return self.conn.execute("SELECT 1").fetchall()


class Handle:
    def __init__(self, pool: ThreadedConnectionPool):
        self._pool = pool
        self._conn = None

    def __enter__(self):
        self._conn = self._pool.getconn()
        return self._conn

    def __exit__(self, *exc):
        self._pool.putconn(self._conn)


class Reader:
    def __init__(self, conn):
        self.conn = conn

    def close(self):
        self.conn.close()


def reader(path):
    return Reader(sqlite3.connect(path))


def finish(conn):
    try:
        conn.commit()
    finally:
        conn.close()


def finished_by_helper(path):
    conn = sqlite3.connect(path)
    try:
        conn.execute("DELETE FROM t")
    finally:
        finish(conn)


def warm_up(count):
    connections = [engine.connect() for _ in range(count)]
    for conn in connections:
        conn.close()


def unknown_helper(path, register):
    conn = sqlite3.connect(path)
    register(conn)


async def made_later(pool: asyncpg.Pool):
    return pool.acquire()


def main():
    conn = sqlite3.connect("jobs.db")
    print(conn.execute("SELECT 1").fetchone())


def not_a_database(socket, engine_of_game):
    socket.connect(("host", 1))
    engine_of_game.connect()
    pool = socket.pool()
    return pool.acquire()


async def waited_for(dsn, log):
    while True:
        try:
            conn = await asyncpg.connect(dsn)
            log.write("connected\n")
            return conn
        except OSError:
            log.write("not yet\n")
