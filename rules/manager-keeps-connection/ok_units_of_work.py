import atexit
import threading
from contextlib import ExitStack, contextmanager

import psycopg2
from psycopg2.pool import ThreadedConnectionPool
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
Maker = sessionmaker(engine)
_local = threading.local()


class UnitOfWork:
    def __enter__(self):
        self.session = Maker()
        return self

    def __exit__(self, kind, error, trace):
        if kind:
            self.session.rollback()
        self.session.close()

    def commit(self):
        self.session.commit()


def place(order):
    with UnitOfWork() as work:
        work.session.add(order)
        work.commit()


class Store:
    def __init__(self, session: Session | None = None):
        self._owns = session is None
        self.session = session or Maker()

    def close(self):
        if self._owns:
            self.session.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def names():
    with Store() as store:
        return [t.name for t in store.session.query(Thing)]


class Pool:
    def __init__(self, dsn):
        self.pool = ThreadedConnectionPool(1, 4, dsn)

    @contextmanager
    def cursor(self):
        conn = self.pool.getconn()
        try:
            with conn:
                with conn.cursor() as cur:
                    yield cur
        finally:
            self.pool.putconn(conn)

    def shutdown(self):
        self.pool.closeall()


def stacked():
    with ExitStack() as stack:
        session = stack.enter_context(Maker())
        other = Maker()
        stack.callback(other.close)
        return session.query(Thing).count() + other.query(Thing).count()


def kept():
    conn = getattr(_local, "conn", None)
    if conn is None:
        conn = _local.conn = psycopg2.connect("dbname=shop")
        atexit.register(conn.close)
    return conn


def borrowed(session: Session):
    session.query(Thing).all()
    session.flush()


def helper(own=None):
    session = own or Maker()
    try:
        borrowed(session)
    finally:
        if session is not own:
            session.close()


def swapped():
    session = Maker()
    try:
        session.query(Thing).all()
    finally:
        release(session)


def release(s):
    try:
        s.rollback()
    finally:
        s.close()


def opened():
    session = Maker()
    try:
        session.query(Thing).first()
    except Exception:
        session.close()
        raise
    return session


class Holder:
    def open(self):
        self.conn = psycopg2.connect("dbname=shop")
        self.cur = self.conn.cursor()

    def all(self):
        self.cur.execute("SELECT 1")
        rows = self.cur.fetchall()
        self.conn.commit()
        return rows

    def close(self):
        self.cur.close()
        self.conn.close()
