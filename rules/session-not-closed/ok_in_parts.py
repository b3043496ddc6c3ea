"""Sessions in dictionaries and tuples: closed there, closed by their own name, or handed on with what holds them."""

from functools import wraps

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from elsewhere import finish, registry

engine = create_engine("postgresql+psycopg://crane@db/crane")
SessionLocal = sessionmaker(engine)


def closed_under_its_key() -> int:
    ctx = {"db": SessionLocal(), "limit": 5}
    try:
        return ctx["db"].scalar(text("SELECT count(*) FROM lift"))
    finally:
        ctx["db"].close()


def closed_by_its_own_name() -> int:
    db = SessionLocal()
    ctx = {"db": db}
    try:
        return count_lifts(ctx)
    finally:
        db.close()


def closed_by_a_callee() -> int:
    ctx = {"db": SessionLocal()}
    try:
        return count_lifts(ctx)
    finally:
        end(ctx)


def count_lifts(ctx: dict) -> int:
    return ctx["db"].scalar(text("SELECT count(*) FROM lift"))


def end(ctx: dict) -> None:
    ctx["db"].close()


def got_and_popped() -> None:
    ctx = {"db": SessionLocal()}
    try:
        ctx.get("db").execute(text("UPDATE lift SET seen = true"))
        ctx["db"].commit()
    finally:
        ctx.pop("db").close()


def with_block() -> int:
    ctx = {}
    ctx["db"] = SessionLocal()
    with ctx["db"] as db:
        return db.scalar(text("SELECT count(*) FROM lift"))


def only_when_needed(wanted: bool) -> int:
    ctx = {"db": None}
    if wanted:
        ctx["db"] = SessionLocal()
    try:
        return count_lifts(ctx) if wanted else 0
    finally:
        if ctx["db"] is not None:
            ctx["db"].close()


def another_name_for_the_whole() -> int:
    ctx = {"db": SessionLocal()}
    same = ctx
    try:
        return count_lifts(ctx)
    finally:
        same["db"].close()


def all_of_them() -> int:
    sessions = {"read": SessionLocal(), "write": SessionLocal()}
    try:
        sessions["write"].execute(text("DELETE FROM lift"))
        sessions["write"].commit()
        return sessions["read"].scalar(text("SELECT count(*) FROM lift"))
    finally:
        for db in sessions.values():
            db.close()


def by_a_name_that_is_computed(which: str) -> None:
    ctx = {"db": SessionLocal()}
    ctx["db"].execute(text("SELECT 1"))
    ctx[which].close()


def captured() -> None:
    ctx = {"db": SessionLocal()}

    def stop() -> None:
        ctx["db"].close()

    try:
        count_lifts(ctx)
    finally:
        stop()


def handed_to_somebody_unknown() -> None:
    ctx = {"db": SessionLocal()}
    ctx["db"].execute(text("SELECT 1"))
    finish(ctx)


def returned_with_it() -> dict:
    ctx = {"db": SessionLocal()}  # note: held, the caller has it
    ctx["db"].execute(text("SELECT 1"))
    return ctx


def kept_elsewhere(key: str) -> None:
    ctx = {"db": SessionLocal()}
    ctx["db"].execute(text("SELECT 1"))
    registry[key] = ctx


def put_into_the_callers(ctx: dict) -> None:
    ctx["db"] = SessionLocal()  # note: held, the caller has it
    ctx["db"].execute(text("SELECT 1"))


def taken_over_by_update(ctx: dict) -> None:
    mine = {"db": SessionLocal()}  # note: held, the caller has it
    mine["db"].execute(text("SELECT 1"))
    ctx.update(mine)


def spread_over_arguments() -> int:
    given = {"db": SessionLocal(), "limit": 2}
    try:
        return some_lifts(**given)
    finally:
        given["db"].close()


def some_lifts(db: Session, limit: int) -> int:
    return db.scalar(text("SELECT count(*) FROM lift LIMIT :n"), {"n": limit})


def first_of_a_pair() -> int:
    pair = (SessionLocal(), 3)
    try:
        return pair[0].scalar(text("SELECT count(*) FROM lift"))
    finally:
        pair[0].close()


def unpacked_again() -> int:
    pair = (SessionLocal(), 3)
    db, _ = pair
    try:
        return pair[0].scalar(text("SELECT count(*) FROM lift"))
    finally:
        db.close()


def with_session(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        kwargs["db"] = SessionLocal()
        try:
            return f(*args, **kwargs)
        finally:
            kwargs["db"].close()

    return wrapper


def with_session_unless_given(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        if kwargs.get("db") is not None:
            return f(*args, **kwargs)
        with SessionLocal() as db:
            kwargs["db"] = db
            return f(*args, **kwargs)

    return wrapper


def with_own_or_given(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        ours = "db" not in kwargs
        if ours:
            kwargs["db"] = SessionLocal()
        try:
            return f(*args, **kwargs)
        finally:
            if ours:
                kwargs["db"].close()

    return wrapper


def popped_before_the_call(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        db = kwargs.pop("db", None) or SessionLocal()
        try:
            db.execute(text("SELECT 1"))
            return f(*args, **kwargs)
        finally:
            db.close()

    return wrapper


def renewed_in_a_loop(names: list[str]) -> None:
    ctx = {}
    for name in names:
        ctx["db"] = SessionLocal()
        try:
            ctx["db"].execute(text("INSERT INTO lift (name) VALUES (:n)"), {"n": name})
            ctx["db"].commit()
        finally:
            ctx["db"].close()


def emptied(ctx_key: str) -> None:
    ctx = {"db": SessionLocal()}
    try:
        ctx["db"].execute(text("SELECT 1"))
    finally:
        ctx["db"].close()
        ctx["db"] = None
        del ctx["db"]
