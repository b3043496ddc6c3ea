"""Closed after all, or by the block."""
import sqlite3
from contextlib import closing

import psycopg
import psycopg2
import pymysql
from sqlalchemy import create_engine

engine = create_engine("sqlite://")


def afterwards(dsn):
    with psycopg2.connect(dsn) as conn:
        conn.cursor().execute("DELETE FROM t")
    conn.close()


def in_a_finally(path):
    conn = sqlite3.connect(path)
    try:
        with conn:
            conn.execute("DELETE FROM t")
    finally:
        conn.close()


def both(path):
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("DELETE FROM t")


def these_close(dsn):
    with psycopg.connect(dsn) as a, pymysql.connect(host=dsn) as b, engine.connect() as c:
        return a, b, c


def only_the_cursor(conn):
    with conn.cursor() as cur:
        cur.execute("SELECT 1")


class Store:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def add(self, value):
        with self.conn:
            self.conn.execute("INSERT INTO t VALUES (?)", (value,))


def main():
    with sqlite3.connect("jobs.db") as conn:
        print(conn.execute("SELECT 1").fetchone())
