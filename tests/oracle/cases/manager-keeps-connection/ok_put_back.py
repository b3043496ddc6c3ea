"""A class for with blocks that puts its connection back whatever happens."""
# call: name(0)
import os

import psycopg2.pool

pool = psycopg2.pool.ThreadedConnectionPool(1, 5, os.environ["DATABASE_DSN"])


class Items:
    def __enter__(self):
        self.connection = pool.getconn()
        return self.connection.cursor()

    def __exit__(self, exc_type, exc, tb) -> None:
        try:
            if exc_type is None:
                self.connection.commit()
            else:
                self.connection.rollback()
        finally:
            pool.putconn(self.connection)


def name(item_id: int) -> str:
    with Items() as cursor:
        cursor.execute("select name from items where id = %s", (item_id,))
        row = cursor.fetchone()
    return "unknown" if row is None else row[0]
