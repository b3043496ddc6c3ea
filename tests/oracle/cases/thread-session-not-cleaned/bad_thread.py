"""A thread has a session in the registry, which is held as long as the thread lives."""
# call: start()
# also: held-during-external-call
import os
import threading
import time

from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


def work() -> None:
    Registry.execute(text("select count(*) from items"))
    time.sleep(2.5)


def start() -> None:
    threading.Thread(target=work).start()
