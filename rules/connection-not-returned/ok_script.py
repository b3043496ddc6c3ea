"""A script: it runs once, and its end closes what it left open."""
import sys

from psycopg2.pool import SimpleConnectionPool

pool = SimpleConnectionPool(1, 2, "dbname=shop")


def total(day):
    cur = pool.getconn().cursor()
    cur.execute("SELECT sum(total) FROM orders WHERE day = %s", (day,))
    return cur.fetchone()[0]


if __name__ == "__main__":
    print(total(sys.argv[1]))
