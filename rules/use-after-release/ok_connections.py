"""A closed connection raises when it is used; only a Session begins again."""
from sqlalchemy import create_engine, text

engine = create_engine("postgresql:///bindery")


def twice() -> int:
    conn = engine.connect()
    try:
        first = conn.execute(text("select 1")).scalar()
    finally:
        conn.close()
    print(first)
    return conn.execute(text("select 2")).scalar()
