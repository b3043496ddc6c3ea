"""The with block of a connection that was made before it."""
# call: report()
# observe: lingers
import os

import psycopg2
import requests

def report() -> int:
    connection = psycopg2.connect(os.environ["DATABASE_DSN"])
    with connection:
        cursor = connection.cursor()
        cursor.execute("select count(*) from items")
        count = cursor.fetchone()[0]
    requests.get(os.environ["OUTSIDE_URL"], timeout=10)
    return count
