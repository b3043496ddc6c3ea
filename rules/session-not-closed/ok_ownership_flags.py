import time
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker
import psycopg2

engine = sa.create_engine("postgresql://localhost/shop")
SessionLocal = sessionmaker(engine)


class Pool:
    def run(self, with_engine, work, *args):
        while True:
            if with_engine:
                arg = self.engine.connect_options
            else:
                arg = self.engine.connect()
            try:
                try:
                    rv = work(arg, *args)
                except sa.exc.OperationalError:
                    time.sleep(0.1)
                    continue
                except Exception:
                    raise
            finally:
                if not with_engine:
                    arg.close()
            break
        return rv


class Other:
    def __init__(self):
        self.engine = sa.create_engine("postgresql://localhost/shop")

    def run(self, with_engine, work, *args):
        while True:
            if with_engine:
                arg = self.engine
            else:
                arg = self.engine.connect()
            try:
                try:
                    rv = work(arg, *args)
                except sa.exc.OperationalError:
                    time.sleep(0.1)
                    continue
            finally:
                if not with_engine:
                    arg.close()
            break
        return rv


def load(session=None):
    own = session is None
    if own:
        session = SessionLocal()
    try:
        return session.query(Thing).all()
    finally:
        if own:
            session.close()


def load2(session=None, close=False):
    if not session:
        session = SessionLocal()
        close = True
    things = []
    try:
        things = session.query(Thing).all()
    finally:
        if close:
            session.close()
    return things


class Client:
    def __init__(self, manual):
        self.manual = manual

    @contextmanager
    def connect(self, readonly=False):
        manual = self.manual and not readonly
        session = None
        try:
            session = SessionLocal()
            yield session
            if manual:
                session.commit()
        except sa.exc.SQLAlchemyError:
            if session and manual:
                session.rollback()
            raise
        finally:
            if session and self.manual:
                session.close()


def dump(dsn, conn=None):
    mine = conn is None
    if mine:
        conn = psycopg2.connect(dsn)
    try:
        with conn.cursor() as cur:
            cur.execute("SELECT 1")
            return cur.fetchall()
    finally:
        if mine:
            conn.close()


def dump_flag(dsn, keep_open):
    conn = psycopg2.connect(dsn)
    with conn.cursor() as cur:
        cur.execute("SELECT 1")
        rows = cur.fetchall()
    if keep_open:
        return rows, conn
    conn.close()
    return rows
