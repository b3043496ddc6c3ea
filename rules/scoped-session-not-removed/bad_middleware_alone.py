"""An application's main file: the registry and the handlers live elsewhere, the clean-up here reaches few of them."""
import time

from fastapi import FastAPI, Request

from notes.internal.db import ScopedSession
from notes.routers import files, users

app = FastAPI()
app.include_router(files.router)
app.include_router(users.router)


@app.middleware("http")
async def end_of_request(request: Request, call_next):
    response = await call_next(request)
    ScopedSession.commit()  # expect: scoped-session-not-removed "cleanup misses some requests"
    return response


@app.middleware("http")
async def timing(request: Request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    response.headers["X-Seconds"] = str(time.perf_counter() - started)
    return response
