"""The engine is asked by a helper that pauses between two attempts: each connection went back before."""

import time

from sqlalchemy import create_engine, text


def wait_until_ready(url):
    engine = create_engine(url)

    def probe():
        for _ in range(3):
            try:
                with engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
                return
            except Exception:
                time.sleep(1)

    probe()
    engine.dispose()
