"""A store that is made once keeps the registry as its session; worker threads use it and never end theirs."""
# request: GET /items/1
# also: scoped-session-not-removed
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


class Store:
    def __init__(self):
        self.session = Registry

    def name(self, item_id: int):
        return self.session.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()


store = Store()


@app.get("/items/{item_id}")
def item(item_id: int):
    return {"name": store.name(item_id)}
