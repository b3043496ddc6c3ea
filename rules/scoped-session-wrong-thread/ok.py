import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
engine = create_engine("postgresql:///store")
Registry = scoped_session(sessionmaker(engine))
Other = scoped_session(sessionmaker(engine))
request_id = ContextVar("request_id", default="none")
ByRequest = scoped_session(sessionmaker(engine), scopefunc=request_id.get)
workers = ThreadPoolExecutor(2)


async def end_session():
    try:
        yield
    finally:
        Registry.remove()


async def end_request():
    try:
        yield
    finally:
        ByRequest.remove()


# a coroutine and its `async def` dependency run on one thread
@app.get("/loop", dependencies=[Depends(end_session)])
async def loop():
    return Registry.execute(text("select 1")).scalar()


# by request, not by thread
@app.get("/by-request", dependencies=[Depends(end_request)])
def by_request():
    return ByRequest.execute(text("select 1")).scalar()


# it ends its own; what the dependency does besides harms nobody
@app.get("/own", dependencies=[Depends(end_session)])
def own():
    try:
        return Registry.execute(text("select 1")).scalar()
    finally:
        Registry.remove()


def work():
    try:
        return Registry.execute(text("select 1")).scalar()
    finally:
        Registry.remove()


def work_and_commit():
    Registry.execute(text("update shelf set counted = true"))
    Registry.commit()


# the worker ends its session, and this thread its own
def count():
    try:
        Registry.execute(text("select 1"))
        return workers.submit(work).result()
    finally:
        Registry.remove()


def start():
    thread = threading.Thread(target=work_and_commit)
    thread.start()
    thread.join()
    Registry.remove()
