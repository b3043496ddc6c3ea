# note: only a command calls it, and what it raises ends the process; its callers are not looked at
import click
from sqlalchemy import create_engine
from sqlalchemy.orm import Session


@click.command()
def init():
    make_world(create_engine("postgresql://localhost/shop"))


def make_world(engine):
    session = Session(engine)  # wrong: session-not-closed
    if session.query(World).first() is None:
        session.add(World())
    session.commit()
    session.close()
