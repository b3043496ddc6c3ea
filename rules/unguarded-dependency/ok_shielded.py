from contextlib import asynccontextmanager, suppress

import anyio
import asyncio
import asyncpg
import psycopg


class Broker:
    @asynccontextmanager
    async def connect(self):
        async for attempt in self.retry():
            with attempt:
                conn = await asyncpg.connect(self.dsn)
                try:
                    yield conn
                finally:
                    with anyio.move_on_after(5, shield=True):
                        await conn.close(timeout=3)


@asynccontextmanager
async def shielded(dsn):
    conn = await psycopg.AsyncConnection.connect(dsn)
    try:
        yield conn
    finally:
        with anyio.CancelScope(shield=True):
            await conn.close()


@asynccontextmanager
async def quietly(dsn):
    conn = await asyncpg.connect(dsn)
    try:
        yield conn
    finally:
        with suppress(Exception):
            await conn.close()


@asynccontextmanager
async def shielded_task(pool):
    conn = await pool.acquire()
    try:
        yield conn
    finally:
        await asyncio.shield(pool.release(conn))


async def timed(dsn):
    conn = await asyncpg.connect(dsn)
    try:
        return await conn.fetch("SELECT 1")
    finally:
        async with asyncio.timeout(5):
            await conn.close()
