"""Threads, workers and timers that use a thread-local registry through what they call."""
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

Session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))
pool = ThreadPoolExecutor(4)
scheduler = BackgroundScheduler()


def open_orders():
    return Session.scalars(select(Order.id)).all()


def count_orders():
    return len(open_orders())


def watch():
    for order in open_orders():  # expect: thread-session-not-cleaned "`Session`"
        print(order)


def sweep(limit):
    if count_orders() > limit:  # expect: thread-session-not-cleaned
        print("too many")


def remind():
    Session.execute(select(Order))  # expect: thread-session-not-cleaned


def nightly():
    orders = open_orders()  # expect: thread-session-not-cleaned
    if not orders:
        return
    Session.commit()


def hourly():
    return count_orders()  # expect: thread-session-not-cleaned


class Monitor:
    def start(self):
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        print(count_orders())  # expect: thread-session-not-cleaned

    def fire(self, order):
        def notify():
            try:
                print(order, open_orders())  # expect: thread-session-not-cleaned
            except Exception:
                print("failed")

        thread = threading.Thread(target=notify)
        thread.start()


class Worker(threading.Thread):
    def run(self):
        print(open_orders())  # expect: thread-session-not-cleaned


def start():
    threading.Thread(target=watch).start()
    pool.submit(partial(sweep, 10))
    threading.Timer(30, remind).start()
    scheduler.add_job(nightly, "cron", hour=3)
    job = hourly
    scheduler.add_job(func=job, trigger="interval", hours=1)
