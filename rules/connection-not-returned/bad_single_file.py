"""An application in one file that starts itself serves requests until it is stopped."""
from flask import Flask, jsonify
from psycopg2.pool import SimpleConnectionPool

app = Flask(__name__)
pool = SimpleConnectionPool(1, 2, "dbname=shop")


def total(day):
    conn = pool.getconn()  # expect: connection-not-returned
    cur = conn.cursor()
    cur.execute("SELECT sum(total) FROM orders WHERE day = %s", (day,))
    return cur.fetchone()[0]


@app.route("/totals/<day>")
def totals(day):
    return jsonify(total(day))


if __name__ == "__main__":
    app.run()
