"""Pools from elsewhere: their name beside the library's import, or the use of what they give."""
import asyncpg


async def by_name(pool, user_id):
    conn = await pool.acquire()  # expect: connection-not-returned "when something raises"
    row = await conn.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    await pool.release(conn)
    return row


async def of_state(request, user_id):
    conn = await request.app.state.pool.acquire()  # expect: connection-not-returned
    row = await conn.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    await request.app.state.pool.release(conn)
    return row


async def of_item(request, user_id):
    pool = request.app["pool"]
    conn = await pool.acquire()  # expect: connection-not-returned
    row = await conn.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    await pool.release(conn)
    return row


async def by_use(request, user_id):
    conn = await request.app["db"].acquire()  # expect: connection-not-returned "at the return at 31"
    row = await conn.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    if row is None:
        return None
    await request.app["db"].release(conn)
    return dict(row)


async def by_sql(bot, user_id):
    conn = await bot.database.acquire()  # expect: connection-not-returned
    await conn.execute("DELETE FROM users WHERE id = $1", user_id)
    await bot.database.release(conn)


async def open_pool():
    return await asyncpg.create_pool("postgresql://db/chat")
