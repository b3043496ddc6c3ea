"""Generators that are no providers: iterators over sessions, whose users close each one, and over rows."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from shards.models import Row

makers = [sessionmaker(create_engine("postgresql:///shard%d" % number)) for number in range(4)]
SessionLocal = makers[0]


def sessions_of_all_shards():
    for maker in makers:
        session = maker()
        yield session


def shard_sessions(urls: list[str]):
    for url in urls:
        session = Session(create_engine(url))
        yield session


def count() -> int:
    total = 0
    for session in sessions_of_all_shards():
        with session:
            total += len(session.scalars(select(Row.id)).all())
    return total


def rows():
    with Session(create_engine("postgresql:///shard0")) as session:
        for row in session.scalars(select(Row)):
            yield row.id
