import contextlib

import psycopg
import psycopg2


class Store:
    _conn = None
    _pool = None

    @contextlib.contextmanager
    def connection(self, autocommit=False):
        if not self._conn:
            self._conn = psycopg.connect(self.dsn)
        self._conn.autocommit = autocommit
        yield self._conn

    def close(self):
        if self._conn:
            self._conn.close()


class Named:
    def __init__(self, kwargs):
        self._lock = kwargs
        self._connection = None

    def get(self):
        if not self._connection or self._connection.closed != 0:
            self._connection = psycopg2.connect(**self.kwargs)
            self._connection.autocommit = True
        return self._connection

    def close(self):
        if self._connection and self._connection.closed == 0:
            self._connection.close()
        self._connection = None


class Server:
    def __init__(self):
        self._connection = Named({})

    def connection(self):
        return self._connection.get()


class Bootstrap:
    def __init__(self, server: Server):
        self._server = server

    def create_role(self, name):
        sql = "CREATE ROLE {0}".format(quote_ident(name, self._server.connection()))
        self._server.query(sql)
