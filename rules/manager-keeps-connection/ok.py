"""Classes for with blocks that give their connection back, or keep it on purpose."""
import sqlite3

import asyncpg
import psycopg2
from psycopg2.pool import ThreadedConnectionPool

pool = ThreadedConnectionPool(1, 5, "dbname=shop")


class Closing:
    def __enter__(self):
        self.conn = psycopg2.connect("dbname=shop")
        self.cur = self.conn.cursor()
        return self.cur

    def __exit__(self, exc_type, exc, tb):
        try:
            if exc_type is None:
                self.conn.commit()
            else:
                self.conn.rollback()
        finally:
            self.cur.close()
            self.conn.close()


class GivingBack:
    def __enter__(self):
        self.conn = pool.getconn()
        return self.conn

    def __exit__(self, exc_type, exc, tb):
        self.conn.rollback()
        pool.putconn(self.conn)


class GivingBackToItsOwn:
    def __init__(self, slots):
        self.slots = slots

    async def __aenter__(self):
        self.conn = await self.slots.acquire()
        self.tx = self.conn.transaction()
        await self.tx.start()
        return self.conn

    async def __aexit__(self, exc_type, exc, tb):
        await self.tx.rollback()
        await self.slots.release(self.conn)


class ByAMethod:
    def __enter__(self):
        self.conn = psycopg2.connect("dbname=shop")
        return self

    def __exit__(self, exc_type, exc, tb):
        self.shut()

    def shut(self):
        self.conn.close()


class ClosedByItsUser:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def __enter__(self):
        return self.conn

    def __exit__(self, exc_type, exc, tb):
        self.conn.commit()

    def close(self):
        self.conn.close()


class HandedOut:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        self.conn.commit()

    @property
    def connection(self):
        return self.conn


class KeptForMoreBlocks:
    conn = None

    def __enter__(self):
        if self.conn is None:
            self.conn = psycopg2.connect("dbname=shop")
        return self.conn

    def __exit__(self, exc_type, exc, tb):
        self.conn.commit()


class OfTheProcess:
    def __init__(self):
        self.conn = psycopg2.connect("dbname=shop")

    def __enter__(self):
        return self.conn.cursor()

    def __exit__(self, exc_type, exc, tb):
        self.conn.commit()


process = OfTheProcess()


class Owning:
    """What it was given is not its own to close."""

    def __init__(self, conn=None):
        self.owns = conn is None
        self.conn = conn or psycopg2.connect("dbname=shop")

    def __enter__(self):
        return self.conn

    def __exit__(self, exc_type, exc, tb):
        if self.owns:
            self.conn.close()


class ByItsBase(KeptForMoreBlocks):
    def __init__(self):
        self.conn = psycopg2.connect("dbname=shop")


class Borrowed:
    def __init__(self, conn):
        self.conn = conn

    def __enter__(self):
        return self.conn.cursor()

    def __exit__(self, exc_type, exc, tb):
        self.conn.commit()


async def open_pool():
    return await asyncpg.create_pool("postgresql://db/shop")
