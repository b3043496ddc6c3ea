"""An async dependency removes the event loop's session; the handler's is its worker thread's."""
# request: GET /items/1
import os

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


async def end_session():
    try:
        yield
    finally:
        Registry.remove()


@app.get("/items/{item_id}", dependencies=[Depends(end_session)])
def item(item_id: int):
    return {"name": Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
