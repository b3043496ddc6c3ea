"""The limit is set on each new connection."""
# call: wait()
# observe: timeout
# select: no-idle-timeout
import os
import time

from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import sessionmaker

ADDRESS = os.environ["DATABASE_DSN"].replace("postgresql://", "postgresql+psycopg2://")
engine = create_engine(ADDRESS)
SessionLocal = sessionmaker(engine)


@event.listens_for(engine, "connect")
def limit_idling(connection, record):
    cursor = connection.cursor()
    cursor.execute("SET idle_in_transaction_session_timeout = 500")
    cursor.close()
    connection.commit()


def wait() -> None:
    with SessionLocal() as db:
        db.execute(text("select 1"))
        time.sleep(1.5)
