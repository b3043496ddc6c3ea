"""Asked whether it is closed, and left open when it is not."""
import mysql.connector
import psycopg2


def closes_the_cursor(query):
    conn = mysql.connector.connect(host="db")  # expect: connection-not-returned
    cur = conn.cursor()
    try:
        cur.execute(query)
        return cur.fetchall()
    finally:
        if conn.is_connected():
            cur.close()


def the_wrong_way_round(query):
    conn = psycopg2.connect("dbname=shop")  # expect: connection-not-returned
    try:
        return conn.cursor().execute(query)
    finally:
        if conn.closed:
            conn.close()


def not_when_it_raises(query):
    conn = mysql.connector.connect(host="db")  # expect: connection-not-returned "when something raises"
    if conn.is_connected():
        conn.cursor().execute(query)
        conn.close()
