"""The worker uses a with block of its own and no registry."""
# call: start()
import os
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))
workers = ThreadPoolExecutor(1)


def work() -> None:
    with SessionLocal() as db:
        db.execute(text("select count(*) from items"))


def start() -> None:
    workers.submit(work).result()
