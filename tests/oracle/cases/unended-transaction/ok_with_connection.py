"""psycopg2's with block ends the transaction of a connection that is kept."""
# call: price(1)
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_DSN"])


def price(item_id: int) -> int:
    with connection:
        with connection.cursor() as cursor:
            cursor.execute("select price from items where id = %s", (item_id,))
            return cursor.fetchone()[0]
