import threading

from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker())


def refresh_prices(feed):
    try:
        feed.reload()
    finally:
        Registry().remove()  # expect: release-not-called "no remove()"


def count_rows(feed):
    try:
        return Registry.query(feed).count()
    finally:
        Registry().remove()  # expect: release-not-called "no remove()"


def start(feed):
    threading.Thread(target=lambda: refresh_prices(feed)).start()
