"""A connection that says it is closed needs no close."""
import aiomysql
import asyncpg
import mysql.connector
import psycopg2
import pymysql


def asked_by_method(query):
    conn = None
    cur = None
    try:
        conn = mysql.connector.connect(host="db")
        cur = conn.cursor()
        cur.execute(query)
        return cur.fetchall()
    except mysql.connector.Error as error:
        print(error)
        return None
    finally:
        if cur:
            cur.close()
        if conn is not None and conn.is_connected():
            conn.close()


def asked_only(query):
    conn = None
    try:
        conn = mysql.connector.connect(host="db")
        conn.cursor().execute(query)
    except mysql.connector.Error as error:
        print(error)
    finally:
        if (conn.is_connected()):
            conn.close()


def not_connected(query):
    conn = mysql.connector.connect(host="db")
    if not conn.is_connected():
        return None
    try:
        return conn.cursor().execute(query)
    finally:
        conn.close()


def by_attribute(query):
    conn = psycopg2.connect("dbname=shop")
    try:
        conn.cursor().execute(query)
    finally:
        if not conn.closed:
            conn.close()


def by_number(query):
    conn = psycopg2.connect("dbname=shop")
    try:
        conn.cursor().execute(query)
    finally:
        if conn.closed == 0:
            conn.close()


def when_there(query):
    conn = None
    try:
        conn = psycopg2.connect("dbname=shop")
        conn.cursor().execute(query)
    finally:
        if conn and not conn.closed:
            conn.close()


def still_open(query):
    conn = pymysql.connect(host="db")
    try:
        conn.cursor().execute(query)
    finally:
        if conn.open:
            conn.close()


async def awaited(query):
    conn = await asyncpg.connect("postgresql://db/shop")
    try:
        await conn.execute(query)
    finally:
        if not conn.is_closed():
            await conn.close()


async def of_a_pool(pool: aiomysql.Pool, query):
    conn = await pool.acquire()
    try:
        await (await conn.cursor()).execute(query)
    finally:
        if conn is not None and not conn.closed:
            pool.release(conn)
