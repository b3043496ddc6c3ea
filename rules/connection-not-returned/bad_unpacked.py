"""A helper returns the connection as one item of several: whoever unpacks them owns it."""
import psycopg2
import psycopg2.extras
from sqlalchemy import create_engine

engine = create_engine("postgresql:///stock")


def open_pair(dsn, **options):
    conn = psycopg2.connect(dsn, **options)
    return conn, conn.cursor()


def open_cursor_first(dsn):
    conn = psycopg2.connect(dsn)
    cur = conn.cursor(cursor_factory=psycopg2.extras.DictCursor)
    return [cur, conn]


def open_named(dsn):
    if not dsn:
        return None, None, None
    return open_named_for(dsn)


def open_named_for(dsn):
    link = psycopg2.connect(dsn)
    return link, link.cursor(), dsn


async def open_later(dsn):
    return open_pair(dsn)


def early(dsn, item):
    conn, cur = open_pair(dsn)  # expect: connection-not-returned "conn"
    cur.execute("SELECT amount FROM stock WHERE item = %s", (item,))
    row = cur.fetchone()
    if row is None:
        return 0
    conn.close()
    return row[0]


def raises_before_close(dsn, item):
    conn, cur = open_pair(dsn, connect_timeout=3)  # expect: connection-not-returned "when something raises"
    cur.execute("DELETE FROM stock WHERE item = %s", (item,))
    cur.close()
    conn.commit()
    conn.close()


def only_the_cursor(dsn):
    cur, conn = open_cursor_first(dsn)  # expect: connection-not-returned
    cur.execute("SELECT 1")
    found = cur.fetchone()
    cur.close()
    return found


def three(dsn):
    conn, cur, _ = open_named(dsn)  # expect: connection-not-returned
    if conn is None:
        return None
    cur.execute("SELECT 1")
    return cur.fetchone()


async def awaited(dsn):
    (conn, cur) = await open_later(dsn)  # expect: connection-not-returned
    cur.execute("SELECT 1")
    return cur.fetchone()


def own_or_given(dsn, cursor=None):
    if cursor is None:
        conn, cursor = open_pair(dsn)  # expect: connection-not-returned
    cursor.execute("SELECT count(*) FROM stock")
    return cursor.fetchone()[0]


def rebound_to_its_cursor(dsn, cursor=None):
    if cursor is None:
        link = psycopg2.connect(dsn)  # expect: connection-not-returned
        cursor = link.cursor()
    cursor.execute("SELECT count(*) FROM stock")
    return cursor.fetchone()[0]
