"""A consumer that asks its broker for ever is no script that ends."""
import pika
from psycopg2.pool import SimpleConnectionPool

pool = SimpleConnectionPool(1, 2, "dbname=shop")


def on_message(channel, method, properties, body):
    conn = pool.getconn()  # expect: connection-not-returned
    conn.cursor().execute("INSERT INTO events VALUES (%s)", (body,))
    conn.commit()
    pool.putconn(conn)


if __name__ == "__main__":
    channel = pika.BlockingConnection().channel()
    channel.basic_consume("events", on_message)
    channel.start_consuming()
