"""with conn: ends the transaction, no more."""
import sqlite3

import psycopg2
import pyodbc


def psycopg(dsn):
    with psycopg2.connect(dsn) as conn:  # expect: with-does-not-close
        with conn.cursor() as cur:
            cur.execute("SELECT 1")
            return cur.fetchone()


def sqlite(path):
    with sqlite3.connect(path) as conn:  # expect: with-does-not-close "does not close it"
        return conn.execute("SELECT 1").fetchone()


def odbc(dsn, rows):
    conn = pyodbc.connect(dsn)
    with conn:  # expect: with-does-not-close
        for row in rows:
            conn.execute("INSERT INTO t VALUES (?)", row)


def open_db(path):
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    return conn


def through_helper(path):
    with open_db(path) as conn:  # expect: with-does-not-close
        conn.execute("DELETE FROM t")
