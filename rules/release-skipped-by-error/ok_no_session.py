"""commit() and close() of things that are no session of ours."""
import sqlite3

from kafka import KafkaConsumer
from whoosh.index import open_dir


def consume(topic: str) -> int:
    consumer = KafkaConsumer(topic)
    seen = 0
    try:
        for _message in consumer:
            seen += 1
    finally:
        consumer.commit()
        consumer.close()
    return seen


def index(path: str, words: list[str]) -> None:
    writer = open_dir(path).writer()
    try:
        for word in words:
            writer.add_document(word=word)
    finally:
        writer.commit()
        writer.close()


def borrowed(db) -> None:
    # the caller's: whether a skipped close matters is the caller's business
    try:
        db.execute("VACUUM")
    finally:
        db.commit()
        db.close()


def remember(path: str, value: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("INSERT INTO kept VALUES (?)", (value,))
    connection.close()
