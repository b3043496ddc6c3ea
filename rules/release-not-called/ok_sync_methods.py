import asyncio

import aiomysql
import aiopg
import aiopg.sa
import asyncpg


async def create_engine():
    return await aiopg.sa.create_engine(user="a")


async def main():
    engine = await create_engine()
    try:
        async with engine.acquire() as conn:
            await conn.execute("SELECT 1")
    finally:
        engine.close()
        await engine.wait_closed()


async def two():
    pool = await aiomysql.create_pool(host="db")
    try:
        async with pool.acquire() as conn:
            await conn.commit()
    finally:
        pool.close()
        await pool.wait_closed()


async def three():
    pool = await aiopg.create_pool("dbname=a")
    pool.terminate()
    await pool.wait_closed()


async def four():
    conn = await aiomysql.connect(host="db")
    try:
        await conn.ping()
    finally:
        conn.close()


async def five():
    pool = await asyncpg.create_pool("postgresql://db")
    pool.terminate()
