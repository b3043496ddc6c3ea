"""A pair that another object's method gives: connection and cursor are kept here, and a read leaves its transaction open."""
import psycopg2


class Database:
    def __init__(self, params):
        self.params = params

    def connect(self):
        try:
            self.conn = psycopg2.connect(**self.params)
            self.cur = self.conn.cursor()
            return self.conn, self.cur
        except psycopg2.OperationalError:
            self.conn = None

    def close_all(self):
        self.cur.close()
        self.conn.close()


class Members:
    def __init__(self, params):
        self.database = Database(params)
        self.con, self.cur = self.database.connect()

    def add(self, name):
        self.cur.execute("INSERT INTO members (name) VALUES (%s) RETURNING id", (name,))
        number = self.cur.fetchone()[0]
        self.con.commit()
        return number

    def read(self, number):
        self.cur.execute("SELECT * FROM members WHERE id = %s", (number,))
        found = self.cur.fetchone()
        if found is None:
            return {"id": number}  # expect: unended-transaction "opens a transaction on `self.con`"
        return dict(found)

    def read_and_close(self, number):
        self.cur.execute("SELECT * FROM members WHERE id = %s", (number,))
        found = self.cur.fetchone()
        self.database.close_all()
        return found
