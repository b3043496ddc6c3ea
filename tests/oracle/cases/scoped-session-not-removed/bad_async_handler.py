"""The event loop's session, which nobody ends."""
# request: GET /items/1
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@app.get("/items/{item_id}")
async def item(item_id: int):
    return {"name": Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()}
