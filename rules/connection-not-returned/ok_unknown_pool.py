"""acquire() of things that are no pools, and pools from elsewhere whose slots come back."""
import asyncio

import asyncpg

lock = asyncio.Lock()


async def locked(key):
    await lock.acquire()
    return key


async def browser_page(pages, url):
    page = await pages.acquire()
    return await page.goto(url)


async def cached(redis_slots, key):
    conn = await redis_slots.acquire()
    return await conn.execute("GET", key)


async def in_finally(request, user_id):
    conn = await request.app.state.pool.acquire()
    try:
        return await conn.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    finally:
        await request.app.state.pool.release(conn)


async def item_in_finally(request, user_id):
    conn = await request.app["db"].acquire()
    try:
        return await conn.fetchval("SELECT name FROM users WHERE id = $1", user_id)
    finally:
        await request.app["db"].release(conn)


async def with_block(request, user_id):
    async with request.app["db"].acquire() as conn:
        return await conn.fetchrow("SELECT * FROM users WHERE id = $1", user_id)


async def handed_on(bot):
    conn = await bot.slots.acquire()
    await conn.fetchval("SELECT 1")
    return conn


class Kept:
    def __init__(self, bot):
        self.bot = bot

    async def start(self):
        conn = await self.bot.slots.acquire()
        await conn.fetchval("SELECT 1")
        self.conn = conn

    async def closed_by_the_driver(self):
        conn = await self.bot.slots.acquire()
        try:
            return await conn.fetch("SELECT * FROM guilds")
        finally:
            await conn.close()

    async def given_back_by_somebody(self, give_back):
        conn = await self.bot.slots.acquire()
        try:
            return await conn.fetch("SELECT * FROM guilds")
        finally:
            await give_back(conn)


async def open_pool():
    return await asyncpg.create_pool("postgresql://db/chat")
