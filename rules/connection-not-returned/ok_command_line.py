import argparse
import sqlite3

import psycopg2
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

parser = argparse.ArgumentParser()
parser.add_argument("--dsn")
args = parser.parse_args()


def cursor():
    return psycopg2.connect(args.dsn).cursor()


def copy(path):
    lite = sqlite3.connect(path).cursor()
    rows = lite.execute("SELECT * FROM a").fetchall()
    lite.close()
    cur = cursor()
    for row in rows:
        cur.execute("INSERT INTO a VALUES (%s)", row)
    conn = cur.connection
    conn.commit()
    cur.close()
    conn.close()


def fill():
    session = Session(create_engine(args.dsn))
    session.add(1)
    session.commit()
    session.close()


copy("a.db")
fill()
