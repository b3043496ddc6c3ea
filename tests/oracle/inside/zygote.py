"""Runs in a stack's environment: imports its libraries once, and then forks one process for each case.

Each case has a process of its own, as a service has; only the imports, most of the time, are shared.
"""
import gc
import importlib
import json
import os
import signal
import sys

LIBRARIES = """asyncpg fastapi flask jinja2 psycopg psycopg2 psycopg2.pool psycopg_pool requests sqlalchemy
sqlalchemy.ext.asyncio sqlalchemy.orm sqlalchemy.dialects.postgresql.psycopg2 sqlalchemy.dialects.postgresql.asyncpg
starlette.middleware.base starlette.responses uvicorn uvicorn.lifespan.on
uvicorn.protocols.http.h11_impl uvicorn.protocols.websockets.auto werkzeug.serving""".split()


LIFE = 120  # seconds: a case that nobody waits for any longer, or that runs wild, ends by itself


def child(order: dict) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.alarm(LIFE)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    import host

    host.run(order)


def main() -> None:
    for name in LIBRARIES:
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            try:
                child(json.loads(line))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
