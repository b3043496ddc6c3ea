import threading
from contextvars import ContextVar
from functools import lru_cache

from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
current = ContextVar("current")


class Database:
    def __init__(self, url):
        self.engine = create_engine(url)
        self.Session = scoped_session(sessionmaker(self.engine))

    def __enter__(self):
        return self.Session()

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self.Session.commit()
            else:
                self.Session.rollback()
        finally:
            self.Session.remove()

    def dispose(self):
        self.engine.dispose()


db = Database("postgresql://localhost/shop")


def count():
    with db as session:
        return session.query(Thing).count()


@lru_cache
def engine_for(url):
    return create_engine(url)


_engines = {}
_lock = threading.Lock()


def engine_of(tenant):
    with _lock:
        if tenant not in _engines:
            _engines[tenant] = create_engine(tenant)
        return _engines[tenant]


def forget(tenant):
    engine = _engines.pop(tenant, None)
    if engine is not None:
        engine.dispose()


class PerTask:
    def __init__(self):
        self.maker = sessionmaker(engine)

    def run(self, work):
        session = self.maker()
        token = current.set(session)
        try:
            result = work()
            session.commit()
            return result
        except Exception:
            session.rollback()
            raise
        finally:
            current.reset(token)
            session.close()
