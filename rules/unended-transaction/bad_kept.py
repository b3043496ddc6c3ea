"""A kept connection on which a SELECT opens a transaction that no method ends."""
import psycopg2

conn = psycopg2.connect("dbname=shop")
cur = conn.cursor()


def price_of(item):
    cur.execute("SELECT price FROM items WHERE id = %s", (item,))
    return cur.fetchone()[0]  # expect: unended-transaction "nothing ends it"


class People:
    def __init__(self, dsn):
        self.con = psycopg2.connect(dsn)
        self.cur = self.con.cursor()

    def add(self, name):
        self.cur.execute("INSERT INTO people VALUES (%s)", (name,))
        self.con.commit()

    def find(self, name):
        self.cur.execute("SELECT * FROM people WHERE name = %s", (name,))
        row = self.cur.fetchone()
        if row:
            return dict(row)  # expect: unended-transaction "on `self.con`"
        return None

    def count(self):
        with self.con.cursor() as cur:
            cur.execute("SELECT count(*) FROM people")
            return cur.fetchone()[0]  # expect: unended-transaction
