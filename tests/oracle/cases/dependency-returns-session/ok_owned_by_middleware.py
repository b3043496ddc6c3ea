"""The dependency hands on what a middleware owns and closes."""
# request: GET /items/1
import os

from fastapi import Depends, FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


@app.middleware("http")
async def session_of_request(request: Request, call_next):
    request.state.db = SessionLocal()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()


def get_db(request: Request):
    return request.state.db


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    return {"name": db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
