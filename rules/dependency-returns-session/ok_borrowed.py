"""The session that is returned belongs to somebody else, who gives it back."""
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///farm"))


@app.middleware("http")
async def with_db(request: Request, call_next):
    request.state.db = SessionLocal()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()


def provide():
    with SessionLocal() as db:
        yield db


def get_db(request: Request) -> Session:
    return request.state.db


def get_session(request: Request) -> Session:
    db = getattr(request.state, "db", None)
    if db is None:
        raise RuntimeError("the middleware is missing")
    return db


def tenant_db(tenant: str, db: Session = Depends(provide)) -> Session:
    db.execute(text("SET search_path TO farm"))
    return db


async def of_application(request: Request) -> AsyncSession:
    return request.app.state.session


Db = Annotated[Session, Depends(get_db)]
Plain = Annotated[Session, Depends(get_session)]
Tenant = Annotated[Session, Depends(tenant_db)]
OfApplication = Annotated[AsyncSession, Depends(of_application)]
