"""The connection on whose cursor the statement has run is given to somebody who ends it."""
import psycopg2
from shop.pools import pool, uses_pool


class Report:
    def __init__(self, dsn):
        self.con = psycopg2.connect(dsn)
        self.cur = self.con.cursor()

    @staticmethod
    def give_back(con):
        if con:
            if uses_pool:
                pool.take_back(con)
            else:
                con.close()

    def count(self):
        self.cur.execute("SELECT count(*) FROM jobs")
        found = self.cur.fetchone()
        self.cur.close()
        Report.give_back(self.con)
        return found[0]

    def first(self):
        self.cur.execute("SELECT * FROM jobs LIMIT 1")
        found = self.cur.fetchone()
        pool.take_back(self.con)
        return found
