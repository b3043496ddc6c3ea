"""Classes for with blocks that keep what they took."""
import asyncpg
import psycopg2
from psycopg2.pool import ThreadedConnectionPool

pool = ThreadedConnectionPool(1, 5, "dbname=shop")


class CommitOnly:
    def __enter__(self):
        self.conn = psycopg2.connect("dbname=shop")  # expect: manager-keeps-connection "__exit__ at 14 does not close it"
        return self.conn.cursor()

    def __exit__(self, exc_type, exc, tb):
        if exc_type is None:
            self.conn.commit()
        else:
            self.conn.rollback()


class CursorOnly:
    def __enter__(self):
        self.conn = psycopg2.connect("dbname=shop")  # expect: manager-keeps-connection
        self.cur = self.conn.cursor()
        return self.cur

    def __exit__(self, exc_type, exc, tb):
        self.cur.close()


class Slot:
    def __enter__(self):
        conn = pool.getconn()  # expect: manager-keeps-connection
        self.conn = conn
        return conn

    def __exit__(self, exc_type, exc, tb):
        self.conn.commit()


class AfterSuccess:
    def __enter__(self):
        self.conn = psycopg2.connect("dbname=shop")  # expect: manager-keeps-connection "when something was raised"
        return self.conn

    def __exit__(self, exc_type, exc, tb):
        if exc_type is not None:
            self.conn.rollback()
            return False
        self.conn.commit()
        self.conn.close()


class MadeWithIt:
    def __init__(self, conn=None):
        self.conn = conn if conn is not None else psycopg2.connect("dbname=shop")  # expect: manager-keeps-connection

    def __enter__(self):
        return self.conn

    def __exit__(self, exc_type, exc, tb):
        if not exc_type:
            self.conn.commit()


class AsyncSlot:
    def __init__(self, pool: asyncpg.Pool):
        self.pool = pool

    async def __aenter__(self):
        self.conn = await self.pool.acquire()  # expect: manager-keeps-connection "does not give it back"
        self.tx = self.conn.transaction()
        await self.tx.start()
        return self.conn

    async def __aexit__(self, exc_type, exc, tb):
        if exc_type is None:
            await self.tx.commit()
        else:
            await self.tx.rollback()
