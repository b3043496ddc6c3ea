import asyncio
import select

import asyncpg
import psycopg
import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT


def listen(dsn):
    conn = psycopg2.connect(dsn)
    conn.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    cur = conn.cursor()
    cur.execute("LISTEN jobs")
    while True:
        if select.select([conn], [], [], 5) == ([], [], []):
            continue
        conn.poll()
        while conn.notifies:
            yield conn.notifies.pop(0)


class Listener:
    async def start(self, dsn):
        self.conn = await asyncpg.connect(dsn)
        await self.conn.add_listener("jobs", self.on_job)

    async def stop(self):
        await self.conn.close()


class Lock:
    def __init__(self, dsn):
        self.dsn = dsn

    def __enter__(self):
        self.conn = psycopg.connect(self.dsn, autocommit=True)
        self.conn.execute("SELECT pg_advisory_lock(1)")
        return self

    def __exit__(self, *args):
        self.conn.execute("SELECT pg_advisory_unlock(1)")
        self.conn.close()


async def forever(dsn):
    conn = await asyncpg.connect(dsn)
    try:
        await conn.add_listener("jobs", print)
        while True:
            await asyncio.sleep(60)
    finally:
        await conn.close()


def stream(dsn):
    with psycopg2.connect(dsn) as conn, conn.cursor("rows") as cur:
        cur.execute("SELECT 1")
        yield from cur
    conn.close()


def wait_until_up(dsn):
    while True:
        try:
            psycopg2.connect(dsn).close()
            return
        except psycopg2.OperationalError:
            pass
