"""The engine of a call is disposed of."""
# call: count()
# together: 4
# watch: connections > 1
import os

from sqlalchemy import create_engine, text

def count() -> int:
    engine = create_engine(os.environ["DATABASE_URL"])
    try:
        with engine.connect() as connection:
            return connection.execute(text("select count(*) from items")).scalar()
    finally:
        engine.dispose()
