"""psycopg 3's pool with a with block."""
# call: name(0)
import os

from psycopg_pool import ConnectionPool

pool = ConnectionPool(os.environ["DATABASE_DSN"], min_size=1, open=True)


def name(item_id: int) -> str:
    with pool.connection() as connection:
        row = connection.execute("select name from items where id = %s", (item_id,)).fetchone()
        if row is None:
            return "unknown"
        return row[0]
