"""What a callable makes is kept and closed, or nobody knows what becomes of it."""
import asyncio
import sqlite3
from contextlib import closing

import psycopg2
from shoplib.retry import with_retries

shared = psycopg2.connect("")


def attempt(make, times=3):
    for _ in range(times - 1):
        try:
            return make()
        except psycopg2.OperationalError:
            pass
    return make()


def measured(make):
    connection = make()
    connection.close()
    return None


def counted(make):
    try:
        make().close()
    finally:
        print("counted")


class Store:
    def paced(self, make):
        return attempt(make)

    def count(self, dsn):
        conn = self.paced(lambda: psycopg2.connect(dsn))
        try:
            cursor = conn.cursor()
            cursor.execute("SELECT count(*) FROM jobs")
            return cursor.fetchone()[0]
        finally:
            conn.close()

    def count_closing(self, path):
        with closing(attempt(lambda: sqlite3.connect(path))) as conn:
            return conn.execute("SELECT count(*) FROM jobs").fetchone()[0]

    def ping(self, dsn):
        measured(lambda: psycopg2.connect(dsn))
        counted(lambda: psycopg2.connect(dsn))
        with_retries(lambda: psycopg2.connect(dsn))  # it may close it
        attempt(lambda: shared)
        attempt(lambda: len(dsn))


async def count_in_thread(path):
    conn = await asyncio.to_thread(sqlite3.connect, path)
    try:
        return conn.execute("SELECT count(*) FROM jobs").fetchone()[0]
    finally:
        conn.close()


def open_later(path):
    return asyncio.to_thread(sqlite3.connect, path)
