import threading
from contextlib import contextmanager


class Pool:
    """Connections of whatever driver it is given."""

    def __init__(self, dbapi2, arguments):
        self._dbapi2 = dbapi2
        self._arguments = arguments
        self._lock = threading.Lock()
        self._free = []

    @contextmanager
    def lease(self):
        conn = self.take()
        yield conn  # expect: unguarded-dependency
        self.give(conn)

    @contextmanager
    def guarded(self):
        conn = self.take()
        try:
            yield conn
        finally:
            self.give(conn)

    def take(self):
        with self._lock:
            while self._free:
                return self._free.pop()
            return self._dbapi2.connect(**self._arguments)

    def give(self, conn):
        try:
            conn.rollback()
        except self._dbapi2.Error:
            conn.close()
            return
        self._free.append(conn)
