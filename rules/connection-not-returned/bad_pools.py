"""Pool slots: nothing but the pool itself can take them back."""
import asyncpg
import aiomysql
from psycopg2.pool import ThreadedConnectionPool
from psycopg_pool import ConnectionPool

pool = ThreadedConnectionPool(1, 5, "dbname=shop")


def order_total(order_id):
    conn = pool.getconn()  # expect: connection-not-returned "not given back at the return at 16"
    cur = conn.cursor()
    cur.execute("SELECT total FROM orders WHERE id = %s", (order_id,))
    row = cur.fetchone()
    if row is None:
        return None
    pool.putconn(conn)
    return row[0]


def cancel(order_id):
    conn = pool.getconn()  # expect: connection-not-returned "when something raises"
    conn.cursor().execute("UPDATE orders SET state = 'gone' WHERE id = %s", (order_id,))
    conn.commit()
    pool.putconn(conn)


class Stock:
    def __init__(self, dsn):
        self.pool = ConnectionPool(dsn)

    def count(self, item):
        conn = self.pool.getconn()  # expect: connection-not-returned
        return conn.execute("SELECT n FROM stock WHERE item = %s", (item,)).fetchone()[0]


async def names(pool: asyncpg.Pool):
    conn = await pool.acquire()  # expect: connection-not-returned
    return await conn.fetch("SELECT name FROM people")


class Feed:
    def __init__(self):
        self._pool = None

    async def open(self):
        self._pool = await asyncpg.create_pool("postgresql://db/feed")

    async def newest(self, limit):
        conn = await self._pool.acquire()  # expect: connection-not-returned
        rows = await conn.fetch("SELECT * FROM posts LIMIT $1", limit)
        if rows:
            await self._pool.release(conn)
        return [dict(row) for row in rows]


async def visits(mysql: aiomysql.Pool, page):
    conn = await mysql.acquire()  # expect: connection-not-returned
    async with conn.cursor() as cur:
        await cur.execute("SELECT n FROM visits WHERE page = %s", (page,))
        found = await cur.fetchone()
    if not found:
        return 0
    mysql.release(conn)
    return found[0]
