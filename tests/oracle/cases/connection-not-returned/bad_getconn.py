"""A pool's connection that an exception leaves out: the pool keeps it as used for ever."""
# call: name(0)
import os

import psycopg2.pool

pool = psycopg2.pool.ThreadedConnectionPool(1, 5, os.environ["DATABASE_DSN"])


def name(item_id: int) -> str:
    connection = pool.getconn()
    cursor = connection.cursor()
    cursor.execute("select name from items where id = %s", (item_id,))
    row = cursor.fetchone()
    if row is None:
        return "unknown"
    pool.putconn(connection)
    return row[0]
