"""A pool's worker keeps its session as long as the pool lives."""
# call: start()
import os
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))
workers = ThreadPoolExecutor(1)


def work() -> None:
    Registry.execute(text("select count(*) from items"))


def start() -> None:
    workers.submit(work).result()
