"""Made in the dependency, but with an owner: the middleware, a context variable, a callback after the response."""
from contextlib import AsyncExitStack
from contextvars import ContextVar
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///mill"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///mill"))
current: ContextVar[Session] = ContextVar("current")


@app.middleware("http")
async def end_session(request: Request, call_next):
    request.state.db = None
    async with AsyncExitStack() as stack:
        request.state.stack = stack
        try:
            return await call_next(request)
        finally:
            if request.state.db is not None:
                request.state.db.close()


def of_request(request: Request) -> Session:
    if request.state.db is None:
        request.state.db = SessionLocal()
    return request.state.db


def stored_first(request: Request) -> Session:
    db = SessionLocal()
    request.state.db = db
    return db


def of_context() -> Session:
    return current.get()


def put_in_context() -> Session:
    db = SessionLocal()
    current.set(db)
    return db


def closed_by_task(background: BackgroundTasks) -> Session:
    db = SessionLocal()
    background.add_task(db.close)
    return db


async def closed_by_stack(request: Request) -> AsyncSession:
    session = AsyncSessionLocal()
    request.state.stack.push_async_callback(session.close)
    return session


OfRequest = Annotated[Session, Depends(of_request)]
Stored = Annotated[Session, Depends(stored_first)]
OfContext = Annotated[Session, Depends(of_context)]
InContext = Annotated[Session, Depends(put_in_context)]
ByTask = Annotated[Session, Depends(closed_by_task)]
ByStack = Annotated[AsyncSession, Depends(closed_by_stack)]
