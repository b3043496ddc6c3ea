"""An acquired connection of asyncpg's pool is not released when there is no row."""
# call: start()
# call: name(0)
import os

import asyncpg

pool = None


async def start() -> None:
    global pool
    pool = await asyncpg.create_pool(os.environ["DATABASE_DSN"], min_size=1, max_size=3)


async def name(item_id: int) -> str:
    connection = await pool.acquire()
    row = await connection.fetchrow("select name from items where id = $1", item_id)
    if row is None:
        return "unknown"
    await pool.release(connection)
    return row["name"]
