"""The thread that starts the work removes its own session, not the worker's."""
# call: count()
import os
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))
workers = ThreadPoolExecutor(1)


def work() -> int:
    return Registry.execute(text("select count(*) from items")).scalar()


def count() -> int:
    try:
        return workers.submit(work).result()
    finally:
        Registry.remove()
