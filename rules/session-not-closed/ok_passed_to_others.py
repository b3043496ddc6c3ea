"""Passed to a constructor or to something that is not known here: it may be closed there, so nothing is said."""
import atexit
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from brewery.jobs import consume, finish
from brewery.models import Batch
from brewery.units import UnitOfWork

SessionLocal = sessionmaker(create_engine("postgresql:///brewery"))
executor = ThreadPoolExecutor(2)


def unit() -> int:
    session = SessionLocal()
    work = UnitOfWork(session)
    count = len(session.scalars(select(Batch.id)).all())
    work.done()
    return count


def by_thread(batch_id: int) -> None:
    # note: held, by whoever has it now
    session = SessionLocal()
    session.get(Batch, batch_id)
    threading.Thread(target=consume, args=(session, batch_id)).start()


def by_executor(batch_id: int) -> None:
    session = SessionLocal()
    session.get(Batch, batch_id)
    future = executor.submit(consume, session, batch_id)
    future.add_done_callback(lambda _: session.close())


def at_exit() -> None:
    # note: held, by whoever has it now
    session = SessionLocal()
    session.scalars(select(Batch.id)).all()
    atexit.register(session.close)


def with_finalizer(owner) -> None:
    session = SessionLocal()
    session.scalars(select(Batch.id)).all()
    weakref.finalize(owner, session.close)


def with_callback(request) -> None:
    session = SessionLocal()
    session.scalars(select(Batch.id)).all()
    request.add_finished_callback(lambda request: session.close())


def with_partial(batch_id: int):
    session = SessionLocal()
    session.get(Batch, batch_id)
    return partial(finish, session)


def by_argument(register, batch_id: int) -> None:
    session = SessionLocal()
    session.get(Batch, batch_id)
    register(session)


def as_closure(batch_id: int):
    # note: held, by whoever has it now
    session = SessionLocal()
    batch = session.get(Batch, batch_id)

    def close():
        session.close()

    return batch, close
