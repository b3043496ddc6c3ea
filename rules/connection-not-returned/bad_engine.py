"""Connections of an SQLAlchemy engine: a forgotten one waits for the garbage collector."""
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

engine = create_engine("postgresql://db/shop")


def count_rows():
    conn = engine.connect()  # expect: connection-not-returned
    return conn.execute(text("SELECT count(*) FROM orders")).scalar()


def result_goes_out(query):
    conn = engine.connect()  # expect: connection-not-returned
    return conn.execute(query)


def closed_when_found(key):
    conn = engine.connect()  # expect: connection-not-returned "given back at the return at 22"
    row = conn.execute(text("SELECT * FROM keys WHERE id = :k"), {"k": key}).first()
    if row is None:
        return None
    conn.close()
    return row


def raw(query):
    conn = engine.raw_connection()  # expect: connection-not-returned
    cur = conn.cursor()
    cur.execute(query)
    return cur.fetchall()


def in_a_chain():
    rows = engine.connect().execute(text("SELECT 1")).fetchall()  # expect: connection-not-returned
    return [tuple(row) for row in rows]


def commit_gives_nothing_back(e: Engine):
    conn = e.connect()  # expect: connection-not-returned
    conn.execute(text("DELETE FROM drafts"))
    conn.commit()


class Repo:
    def __init__(self, url):
        self.engine = create_engine(url)

    def load(self, query):
        conn = self.engine.connect()  # expect: connection-not-returned
        try:
            return conn.execute(query).fetchall()
        except ValueError:
            conn.close()
            raise
