"""BEGIN by hand, in any spelling, and a way out that forgets it."""
import sqlite3

import asyncpg
from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.engine import Connection

from app.db import get_connection

router = APIRouter()
LOCK = "BEGIN IMMEDIATE"


@router.post("/orders")
def create_order(order):
    conn = get_connection()
    cur = conn.cursor()
    cur.execute("BEGIN")
    cur.execute("SELECT n FROM stock WHERE item = %s FOR UPDATE", (order["item"],))
    if cur.fetchone()[0] < order["n"]:
        return {"error": "sold out"}, 409  # expect: unended-transaction "began at 19 is left open at this return"
    cur.execute("UPDATE stock SET n = n - %s WHERE item = %s", (order["n"], order["item"]))
    cur.execute("COMMIT")
    return {"ok": True}


def lower_case(conn, key):
    conn.execute("begin transaction")
    row = conn.execute("select * from keys where id = ?", (key,)).fetchone()
    if row is None:
        return False  # expect: unended-transaction
    conn.execute("commit")
    return True


def formatted(conn, mode, ok):
    conn.execute(f"BEGIN {mode} TRANSACTION")
    if not ok:
        return None  # expect: unended-transaction
    conn.commit()
    return ok


def constant(conn, ok):
    conn.execute(LOCK)
    if not ok:
        return None  # expect: unended-transaction
    conn.rollback()
    return ok


def chosen(conn, write):
    statement = "BEGIN IMMEDIATE" if write else "BEGIN"
    conn.execute(statement)
    if write is None:
        return 0  # expect: unended-transaction
    conn.execute("COMMIT")
    return 1


def start_word(conn, ok):
    with conn.cursor() as cur:
        cur.execute("  START TRANSACTION READ ONLY")
        if ok:
            cur.execute("ROLLBACK")
            return 1
        return 0  # expect: unended-transaction


def a_savepoint_ends_nothing(conn, ok):
    conn.execute("BEGIN")
    conn.execute("SAVEPOINT one")
    if not ok:
        conn.execute("ROLLBACK TO SAVEPOINT one")
        return 0  # expect: unended-transaction
    conn.execute("COMMIT")
    return 1


def with_text(conn: Connection, ok):
    conn.execute(text("BEGIN"))
    if not ok:
        return 0  # expect: unended-transaction
    conn.execute(text("END"))
    return 1


def by_object(conn: Connection, rows):
    trans = conn.begin()
    for row in rows:
        if row is None:
            return False  # expect: unended-transaction
        conn.execute(row)
    trans.commit()
    return True


async def asyncpg_object(conn: asyncpg.Connection, ok):
    tx = conn.transaction()
    await tx.start()
    await conn.execute("DELETE FROM t")
    if not ok:
        return False  # expect: unended-transaction
    await tx.commit()
    return True


class Queue:
    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)

    def take(self):
        self.db.execute("BEGIN IMMEDIATE")
        row = self.db.execute("SELECT * FROM jobs LIMIT 1").fetchone()
        if row is None:
            return None  # expect: unended-transaction
        self.db.execute("DELETE FROM jobs WHERE id = ?", (row[0],))
        self.db.execute("COMMIT")
        return row

    def put(self, job):
        self.db.execute("BEGIN")  # expect: unended-transaction "stays open when something raises"
        self.db.execute("INSERT INTO jobs VALUES (?)", (job,))
        self.db.execute("COMMIT")
