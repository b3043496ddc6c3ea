"""Raw connections: CPython frees them at return, if nothing keeps the frame; a warning."""
import sqlite3

import duckdb
import psycopg2
import pymysql


def early(path):
    conn = sqlite3.connect(path)  # expect: connection-not-returned "not given back at the return"
    if not conn.execute("PRAGMA user_version").fetchone()[0]:
        return None
    rows = conn.execute("SELECT * FROM jobs").fetchall()
    conn.close()
    return rows


def only_when_all_goes_well(dsn, value):
    conn = psycopg2.connect(dsn)  # expect: connection-not-returned "when something raises"
    cur = conn.cursor()
    cur.execute("INSERT INTO log VALUES (%s)", (value,))
    conn.commit()
    cur.close()
    conn.close()


def cursor_closed_instead(dsn):
    conn = pymysql.connect(host=dsn)  # expect: connection-not-returned
    cur = conn.cursor()
    cur.execute("SELECT 1")
    row = cur.fetchone()
    cur.close()
    return row


def discarded(dsn):
    psycopg2.connect(dsn)  # expect: connection-not-returned
    return True


def three_times(dsn):
    conn = None
    tries = 0
    while tries < 3:
        tries += 1
        try:
            conn = psycopg2.connect(dsn)  # expect: connection-not-returned "next round"
        except psycopg2.OperationalError:
            if tries == 3:
                raise
    return conn


def connect(path):
    return duckdb.connect(path)


def through_a_helper(path):
    conn = connect(path)  # expect: connection-not-returned
    return conn.execute("SELECT 42").fetchall()


def release_is_never_called(path):
    conn = sqlite3.connect(path)  # expect: connection-not-returned

    def done():
        conn.close()

    return conn.execute("SELECT 1").fetchone()[0]


def maybe_no_round(paths):
    conn = sqlite3.connect(":memory:")  # expect: connection-not-returned
    for path in paths:
        conn.execute("ATTACH ? AS other", (path,))
        conn.close()
