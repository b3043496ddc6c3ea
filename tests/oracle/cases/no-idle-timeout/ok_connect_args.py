"""The server ends what idles for longer than half a second."""
# call: wait()
# observe: timeout
# select: no-idle-timeout
import os
import time

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

ADDRESS = os.environ["DATABASE_DSN"].replace("postgresql://", "postgresql+psycopg2://")
SessionLocal = sessionmaker(
    create_engine(ADDRESS, connect_args={"options": "-c idle_in_transaction_session_timeout=500"})
)


def wait() -> None:
    with SessionLocal() as db:
        db.execute(text("select 1"))
        time.sleep(1.5)
