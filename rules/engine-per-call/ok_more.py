"""Kept by a class, handed on inside a registry, or run by a script of its own."""
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import scoped_session, sessionmaker


class Engines:
    _engine: Engine | None = None

    @classmethod
    def init(cls, url):
        if cls._engine is None:
            cls._engine = create_engine(url)

    @classmethod
    def get(cls) -> Engine:
        if not cls._engine:
            raise RuntimeError("not there yet")
        return cls._engine


def engine_in_use() -> Engine:
    return Engines.get()


def uses_it(query):
    engine = engine_in_use()
    with engine.connect() as conn:
        return conn.execute(query).fetchall()


def registry(url):
    engine = create_engine(url)
    session = scoped_session(sessionmaker(bind=engine))
    session.execute(text("SELECT 1"))
    session.remove()
    return session


def add_column(url):
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.execute(text("ALTER TABLE t ADD COLUMN n int"))


if __name__ == "__main__":
    add_column("sqlite://")
