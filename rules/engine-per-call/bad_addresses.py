# note: the name of an address is no connection
import psycopg2
from sqlalchemy import create_engine, text


def rows(connection_url):
    engine = create_engine(connection_url)  # expect: engine-per-call
    with engine.connect() as conn:
        return conn.execute(text("SELECT 1")).all()


def one(connection_string):
    conn = psycopg2.connect(connection_string)  # expect: connection-not-returned
    with conn.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()
