"""The block ends the transaction and leaves the connection open, during all the work behind it."""
# call: report()
# observe: lingers
import os
import time

import psycopg2

def report() -> int:
    with psycopg2.connect(os.environ["DATABASE_DSN"]) as connection:
        cursor = connection.cursor()
        cursor.execute("select count(*) from items")
        count = cursor.fetchone()[0]
    time.sleep(0.9)
    return count
