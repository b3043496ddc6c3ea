"""Each request makes an engine."""
# request: GET /count
# together: 4
# watch: connections > 1
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()


@app.get("/count")
def count():
    SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))
    with SessionLocal() as db:
        return {"count": db.execute(text("select count(*) from items")).scalar()}
