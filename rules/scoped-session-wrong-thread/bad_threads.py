import threading
from concurrent.futures import ThreadPoolExecutor

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine("postgresql:///store")))
workers = ThreadPoolExecutor(2)


def work():
    return Registry.execute(text("select 1")).scalar()  # expect: scoped-session-wrong-thread "ended in another thread"


def work_alone():
    Registry.execute(text("update shelf set counted = true"))  # expect: scoped-session-wrong-thread


def work_for_loop():
    return Registry.execute(text("select 2")).scalar()  # expect: scoped-session-wrong-thread


def work_left():
    return Registry.execute(text("select 3")).scalar()  # expect: thread-session-not-cleaned


def count():
    try:
        return workers.submit(work).result()
    finally:
        Registry.remove()


def count_alone():
    thread = threading.Thread(target=work_alone)
    thread.start()
    thread.join()
    Registry.commit()
    Registry.remove()


async def count_for_loop():
    try:
        return await run_in_threadpool(work_for_loop)
    finally:
        Registry.remove()


# this thread has a session of its own to end
def count_both():
    Registry.execute(text("select 4"))
    try:
        return workers.submit(work_left).result()
    finally:
        Registry.remove()
