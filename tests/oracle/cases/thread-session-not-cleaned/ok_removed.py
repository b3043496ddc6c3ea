"""The thread removes its session in its finally."""
# call: start()
import os
import threading

from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


def work() -> None:
    try:
        Registry.execute(text("select count(*) from items"))
    finally:
        Registry.remove()


def start() -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
