"""A function of no web framework: its own session, open across a subprocess."""
# call: measure()
import os
import subprocess

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def measure() -> str:
    with SessionLocal() as db:
        count = db.execute(text("select count(*) from items")).scalar()
        subprocess.run(["sleep", "0.9"], check=True)
        return str(count)
