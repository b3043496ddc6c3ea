import queue
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
Session = scoped_session(sessionmaker(engine))
work = queue.Queue()


def worker():
    while True:
        key = work.get()
        try:
            Session.query(Thing).filter_by(id=key).one().seen = True
            Session.commit()
        except Exception:
            Session.rollback()
        finally:
            Session.remove()
            work.task_done()


def one(key):
    try:
        return Session.query(Thing).get(key).name
    finally:
        Session.remove()


def many(keys):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, keys))


def start():
    threading.Thread(target=worker, daemon=True).start()


def managed(function):
    def inner(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            Session.remove()
    return inner


@managed
def poll():
    return Session.query(Thing).count()


def start_polling():
    threading.Thread(target=poll).start()
