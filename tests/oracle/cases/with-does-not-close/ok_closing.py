"""closing() closes what the inner with block leaves open."""
# call: report()
# observe: lingers
import os
import time
from contextlib import closing

import psycopg2

def report() -> int:
    with closing(psycopg2.connect(os.environ["DATABASE_DSN"])) as connection, connection:
        cursor = connection.cursor()
        cursor.execute("select count(*) from items")
        count = cursor.fetchone()[0]
    time.sleep(0.9)
    return count
