from contextlib import contextmanager


class Channels:
    """Nothing of a database: a client that is called the same way."""

    def __init__(self, broker, dbapi):
        self._broker = broker
        self._dbapi = dbapi
        self._free = []

    @contextmanager
    def channel(self):
        channel = self.take()
        yield channel
        self._free.append(channel)

    def take(self):
        return self._broker.connect()

    @contextmanager
    def connection(self):
        conn = self._dbapi.connect()
        try:
            yield conn
        finally:
            conn.close()

    def version(self):
        return self._dbapi.__version__
