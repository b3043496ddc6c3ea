"""Handed to somebody unknown, and closed here when all goes well: what he raises leaves it open."""
import pandas as pd
import psycopg2
import psycopg2.extras
from depot import Archive, convert, lines
from psycopg2.pool import ThreadedConnectionPool
from sqlalchemy import create_engine

pool = ThreadedConnectionPool(1, 5, "dbname=shop")
engine = create_engine("postgresql://db/shop")


def to_a_function(rows):
    conn = pool.getconn()  # expect: connection-not-returned "when something raises"
    convert(conn, rows)
    pool.putconn(conn)


def to_an_object(rows):
    conn = pool.getconn()  # expect: connection-not-returned
    stored = Archive(conn).store(rows)
    pool.putconn(conn)
    return stored


def its_cursor():
    conn = pool.getconn()  # expect: connection-not-returned
    cur = conn.cursor()
    found = lines(cur)
    cur.close()
    pool.putconn(conn)
    return found


def to_a_library(rows):
    conn = psycopg2.connect("dbname=shop")  # expect: connection-not-returned
    psycopg2.extras.execute_values(conn.cursor(), "INSERT INTO orders VALUES %s", rows)
    conn.commit()
    conn.close()


def frame(query):
    conn = engine.connect()  # expect: connection-not-returned
    found = pd.read_sql(query, conn)
    conn.close()
    return found
