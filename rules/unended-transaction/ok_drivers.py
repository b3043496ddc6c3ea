import sqlite3
from contextlib import closing

import pymysql
import psycopg
from psycopg_pool import ConnectionPool
from psycopg2.pool import SimpleConnectionPool

pool = ConnectionPool("dbname=shop")
old_pool = SimpleConnectionPool(1, 4, "dbname=shop")


def a():
    with pool.connection() as conn:
        return conn.execute("SELECT 1").fetchone()


def b():
    with psycopg.connect("dbname=shop") as conn:
        with conn.transaction():
            conn.execute("DELETE FROM a")


def c():
    conn = old_pool.getconn()
    try:
        with conn.cursor() as cur:
            cur.execute("SELECT 1")
            return cur.fetchone()
    finally:
        conn.rollback()
        old_pool.putconn(conn)


def d(path):
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("DELETE FROM a")


def e(path):
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        conn.execute("BEGIN IMMEDIATE")
        try:
            conn.execute("DELETE FROM a")
        except BaseException:
            conn.execute("ROLLBACK")
            raise
        conn.execute("COMMIT")
    finally:
        conn.close()


def f():
    conn = pymysql.connect(host="db")
    try:
        with conn.cursor() as cur:
            cur.execute("SELECT 1")
        conn.commit()
    finally:
        conn.close()


def connect():
    return psycopg.connect("dbname=shop", autocommit=True)


def g():
    with connect() as conn:
        conn.execute("VACUUM")


class Repo:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def add(self, row):
        with self.conn:
            self.conn.execute("INSERT INTO a VALUES (?)", row)

    def __del__(self):
        self.conn.close()


class Manager:
    def __init__(self, dsn):
        self.dsn = dsn
        self.conn = None

    def __enter__(self):
        self.conn = psycopg.connect(self.dsn)
        return self.conn.cursor()

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.conn.commit()
        else:
            self.conn.rollback()
        self.conn.close()
        self.conn = None
