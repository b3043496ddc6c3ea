"""Unpacked from what a helper returns, and given back; or not made there for the caller."""
from contextlib import closing
from functools import lru_cache

import psycopg2
from flask import g

shared = psycopg2.connect("dbname=stock")


def open_pair(dsn):
    conn = psycopg2.connect(dsn)
    return conn, conn.cursor()


def closed_in_finally(dsn):
    conn, cur = open_pair(dsn)
    try:
        cur.execute("SELECT 1")
        return cur.fetchone()
    finally:
        cur.close()
        conn.close()


def closing_manager(dsn):
    conn, cur = open_pair(dsn)
    with closing(conn):
        cur.execute("SELECT 1")
        return cur.fetchone()


def returned_on(dsn):
    conn, cur = open_pair(dsn)
    return conn, cur


def returned_whole(dsn):
    return open_pair(dsn)


def one_returned_on(dsn):
    conn, _ = open_pair(dsn)
    return conn


class Store:
    def __init__(self, dsn):
        self.conn, self.cur = open_pair(dsn)

    def close(self):
        self.cur.close()
        self.conn.close()


def kept_on_the_request(dsn):
    g.conn, cur = open_pair(dsn)
    cur.execute("SELECT 1")
    return cur.fetchone()


def of_the_module():
    return shared, shared.cursor()


def uses_the_module():
    conn, cur = of_the_module()
    cur.execute("SELECT 1")
    conn.commit()
    return cur.fetchone()


class Keeper:
    def connect(self, dsn):
        self.conn = psycopg2.connect(dsn)
        self.cur = self.conn.cursor()
        return self.conn, self.cur


def uses_the_keeper(keeper: Keeper, dsn):
    conn, cur = keeper.connect(dsn)
    cur.execute("SELECT 1")
    conn.commit()
    return cur.fetchone()


@lru_cache
def once(dsn):
    conn = psycopg2.connect(dsn)
    return conn, conn.cursor()


def uses_once(dsn):
    conn, cur = once(dsn)
    cur.execute("SELECT 1")
    conn.commit()
    return cur.fetchone()


def with_its_error(dsn):
    conn = error = None
    try:
        conn = psycopg2.connect(dsn)
    except psycopg2.OperationalError as e:
        error = str(e)
    return conn, error


def asks_for_the_error(dsn):
    conn, error = with_its_error(dsn)
    if error:
        return error
    conn.close()
    return None


def ok_and_connection(dsn):
    try:
        return True, psycopg2.connect(dsn)
    except psycopg2.OperationalError:
        return False, None


def asks_whether_ok(dsn):
    ok, conn = ok_and_connection(dsn)
    if not ok:
        return None
    conn.close()
    return True


def or_nothing(dsn):
    if not dsn:
        return None, None
    conn = psycopg2.connect(dsn)
    return conn, conn.cursor()


def asks_for_none(dsn):
    conn, cur = or_nothing(dsn)
    if conn is None:
        return None
    try:
        cur.execute("SELECT 1")
        return cur.fetchone()
    finally:
        conn.close()


def asks_for_the_cursor(dsn):
    conn, cur = or_nothing(dsn)
    if not cur:
        return None
    try:
        cur.execute("SELECT 1")
        return cur.fetchone()
    finally:
        conn.close()


def handed_to_a_thread(dsn, executor, work):
    conn, cur = open_pair(dsn)
    executor.submit(work, conn, cur)


def through_the_cursor(dsn):
    _, cur = open_pair(dsn)
    try:
        cur.execute("SELECT 1")
        return cur.fetchone()
    finally:
        cur.connection.close()


def borrowed(conn):
    return conn, conn.cursor()


def uses_borrowed(conn):
    same, cur = borrowed(conn)
    cur.execute("SELECT 1")
    same.commit()
    return cur.fetchone()
