from contextlib import contextmanager

import psycopg2
from psycopg2.pool import ThreadedConnectionPool

pool = ThreadedConnectionPool(1, 4, "dbname=shop")


@contextmanager
def slot():
    conn = pool.getconn()
    yield conn  # expect: unguarded-dependency "stays open when the user"
    pool.putconn(conn)


@contextmanager
def cursor_of(**kwargs):
    conn = psycopg2.connect(**kwargs)
    with conn.cursor() as cur:
        yield cur  # expect: unguarded-dependency
    conn.close()


class Server:
    @contextmanager
    def cursor(self, **kwargs):
        with cursor_of(**kwargs) as cur:
            yield cur
