"""Somebody else calls what makes the connection, and nobody closes it."""
import asyncio
import sqlite3
import time

import psycopg2
import pymysql


def slowly(make, pause=1.0):
    if pause == 0:
        return make()
    start = time.time()
    try:
        return make()
    finally:
        time.sleep(max(0, pause - (time.time() - start)))


class Prober:
    pause = 1.0

    def slowly(self, make):
        return slowly(make, pause=self.pause)

    def try_all(self, host, users):
        found = []
        for user in users:
            try:
                self.slowly(lambda: pymysql.connect(host=host, user=user))  # expect: connection-not-returned
                found.append(user)
            except pymysql.err.OperationalError:
                pass
        return found

    def version(self, dsn):
        conn = self.slowly(lambda: psycopg2.connect(dsn))  # expect: connection-not-returned "`conn` is taken here"
        cursor = conn.cursor()
        cursor.execute("SELECT version()")
        return cursor.fetchone()[0]


async def count(path):
    conn = await asyncio.to_thread(sqlite3.connect, path)  # expect: connection-not-returned
    return conn.execute("SELECT count(*) FROM jobs").fetchone()[0]
