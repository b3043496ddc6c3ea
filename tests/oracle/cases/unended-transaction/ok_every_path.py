"""Every path ends what BEGIN began, the raising ones too."""
# call: reserve(0)
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_DSN"])
connection.autocommit = True


def reserve(item_id: int) -> bool:
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        cursor.execute("select price from items where id = %s for update", (item_id,))
        if cursor.fetchone() is None:
            cursor.execute("ROLLBACK")
            return False
        cursor.execute("update items set price = price + 1 where id = %s", (item_id,))
        cursor.execute("COMMIT")
        return True
    except Exception:
        cursor.execute("ROLLBACK")
        raise
