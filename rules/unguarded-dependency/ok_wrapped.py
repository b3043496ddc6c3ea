from contextlib import contextmanager, asynccontextmanager

import psycopg2
import asyncpg


@contextmanager
def cursor_of(**kwargs):
    conn = psycopg2.connect(**kwargs)
    try:
        with conn.cursor() as cur:
            yield cur
    finally:
        conn.close()


class Server:
    @contextmanager
    def replication_cursor(self, **kwargs):
        with cursor_of(connection_factory=Other, **kwargs) as cur:
            yield cur

    def wal(self):
        with self.replication_cursor() as cur:
            cur.execute("IDENTIFY_SYSTEM")
            return cur.fetchone()
