"""The pool gets its connection back in a finally."""
# call: name(0)
import os

import psycopg2.pool

pool = psycopg2.pool.ThreadedConnectionPool(1, 5, os.environ["DATABASE_DSN"])


def name(item_id: int) -> str:
    connection = pool.getconn()
    try:
        cursor = connection.cursor()
        cursor.execute("select name from items where id = %s", (item_id,))
        row = cursor.fetchone()
        return "unknown" if row is None else row[0]
    finally:
        pool.putconn(connection)
