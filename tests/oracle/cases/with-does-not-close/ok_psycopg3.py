"""psycopg 3's with block closes."""
# call: report()
# observe: lingers
import os
import time

import psycopg

def report() -> int:
    with psycopg.connect(os.environ["DATABASE_DSN"]) as connection:
        count = connection.execute("select count(*) from items").fetchone()[0]
    time.sleep(0.9)
    return count
