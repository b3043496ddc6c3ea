"""A dependency that returns a session it has already queried with."""
# request: GET /items/1
# also: unreleased-on-return
import os

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def checked_session() -> Session:
    session = SessionLocal()
    session.execute(text("select 1"))
    return session


@app.get("/items/{item_id}")
async def item(item_id: int, session: Session = Depends(checked_session)):
    return {"name": session.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
