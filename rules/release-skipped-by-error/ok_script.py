# note: the error ends the process, and the process's end the session
import argparse

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

parser = argparse.ArgumentParser()
parser.add_argument("--url")
args = parser.parse_args()


def copy(rows):
    session = Session(create_engine(args.url))
    try:
        session.add_all(rows)
    finally:
        session.commit()
        session.close()


copy([])
