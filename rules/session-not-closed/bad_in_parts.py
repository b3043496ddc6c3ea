"""Sessions in dictionaries and tuples that nothing closes."""

from functools import wraps

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine("postgresql+psycopg://crane@db/crane")
SessionLocal = sessionmaker(engine)


def never() -> int:
    ctx = {"db": SessionLocal(), "limit": 5}  # expect: session-not-closed
    return ctx["db"].scalar(text("SELECT count(*) FROM lift"))


def under_two_names() -> int:
    db = SessionLocal()  # expect: session-not-closed
    ctx = {"db": db}
    return count_lifts(ctx)


def count_lifts(ctx: dict) -> int:
    return ctx["db"].scalar(text("SELECT count(*) FROM lift"))


def end(ctx: dict) -> None:
    ctx["db"].close()


def on_one_path(keep: bool) -> None:
    ctx = {}
    ctx["db"] = SessionLocal()  # expect: session-not-closed
    ctx["db"].execute(text("SELECT 1"))
    if keep:
        return
    end(ctx)


def used_again_after_the_commit() -> None:
    ctx = {"db": SessionLocal()}  # expect: session-not-closed
    ctx["db"].execute(text("DELETE FROM lift"))
    ctx["db"].commit()
    ctx["db"].execute(text("SELECT 1"))


def the_other_of_two() -> None:
    sessions = {"read": SessionLocal(), "write": SessionLocal()}  # expect: session-not-closed
    sessions["read"].execute(text("SELECT 1"))
    sessions["write"].close()


def first_of_a_pair() -> int:
    pair = (SessionLocal(), 3)  # expect: session-not-closed
    return pair[0].scalar(text("SELECT count(*) FROM lift"))


def with_session(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        kwargs["db"] = SessionLocal()  # expect: session-not-closed
        result = f(*args, **kwargs)
        kwargs["db"].commit()
        return result

    return wrapper


def made_by_a_call_of_dict() -> int:
    ctx = dict(db=SessionLocal())  # miss: session-not-closed
    return count_lifts(ctx)
