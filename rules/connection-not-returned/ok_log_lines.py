import logging

import asyncpg
import psycopg

log = logging.getLogger(__name__)


async def listener(url, args):
    try:
        conn = await asyncpg.connect(str(url), **args)
        log.info(f"connected to {url.host or url.query.get('host', 'localhost')}/{url.database}")
        return conn
    except Exception as error:
        log.error(f"not connected: {error}", exc_info=True)
        return None


class Connection:
    def connect(self, manager, text):
        pg_conn = None
        try:
            with Locker(manager.kerberos):
                if self.async_:
                    pg_conn = other(text)
                else:
                    pg_conn = psycopg.Connection.connect(text)
        except psycopg.Error as error:
            manager.stop()
            return False, str(error)
        return self.initialize(pg_conn)

    def reset(self, manager, text):
        pg_conn = None
        try:
            with Locker(manager.kerberos):
                pg_conn = psycopg.connect(text)
        except psycopg.Error as error:
            return False, str(error)
        self.conn = pg_conn
        return True, None
