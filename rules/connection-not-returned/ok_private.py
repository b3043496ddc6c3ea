import sqlite3

import duckdb


def shape(path):
    conn = duckdb.connect()
    row = conn.execute(f"SELECT max(at) FROM read_parquet('{path}')").fetchone()
    conn.close()
    return row


def parse(rows):
    conn = sqlite3.connect(":memory:")
    fill(conn, rows)
    cursor = conn.cursor()
    cursor.execute("SELECT 1")
    found = cursor.fetchall()
    conn.close()
    return found


def parse2(rows):
    conn = duckdb.connect(database=":memory:")
    found = conn.execute("SELECT 1").fetchall()
    conn.close()
    return found


def parse3(rows):
    with sqlite3.connect(":memory:") as conn:
        return conn.execute("SELECT 1").fetchall()
