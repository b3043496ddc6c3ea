"""Handed to somebody unknown, who may keep it or give it back."""
import atexit
import sqlite3

import pandas as pd
from depot import archive, convert
from psycopg2.pool import ThreadedConnectionPool
from sqlalchemy import create_engine

pool = ThreadedConnectionPool(1, 5, "dbname=shop")
engine = create_engine("postgresql://db/shop")
waiting = []


def in_finally(query):
    conn = engine.connect()
    try:
        return pd.read_sql(query, conn)
    finally:
        conn.close()


def only_after_an_error(rows):
    conn = pool.getconn()
    try:
        archive(conn, rows)
    except Exception:
        pool.putconn(conn)
        raise


def on_one_way(conn_for, rows):
    conn = pool.getconn()
    if rows:
        archive(conn, rows)
    else:
        pool.putconn(conn)


def on_both_ways(rows):
    conn = pool.getconn()
    try:
        convert(conn, rows)
    except Exception:
        pool.putconn(conn)
        return None
    pool.putconn(conn)
    return rows


def its_release_is_given(rows):
    conn = sqlite3.connect("shop.db")
    atexit.register(conn.close)
    convert(conn, rows)
    conn.close()


def kept_by_its_name(rows):
    conn = sqlite3.connect("shop.db")
    waiting.append(conn)
    convert(rows)
    conn.close()


def two_of_them(rows):
    source, target = sqlite3.connect("a.db"), sqlite3.connect("b.db")
    convert(source, target)
    source.close()
    target.close()
